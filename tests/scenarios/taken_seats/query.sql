SELECT seat, person
FROM (SELECT person, LAST_VALUE(seat) AS seat FROM moves GROUP BY person)
