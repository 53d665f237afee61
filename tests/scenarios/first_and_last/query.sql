SELECT seen, number, state
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY number ORDER BY seen ASC) AS nth FROM orders)
WHERE nth = 1;

SELECT seen, number, state
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY number ORDER BY seen DESC) AS nth FROM orders)
WHERE nth = 1
