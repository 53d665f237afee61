-- Group aggregates: of Java's functions, of Python's, and of distinct values.
SELECT sensor, SUM(amount) AS answer FROM readings GROUP BY sensor;

SELECT sensor, MAX(amount) AS answer FROM readings GROUP BY sensor;

SELECT sensor, spread(amount) AS answer FROM readings GROUP BY sensor;

SELECT sensor, COUNT(DISTINCT amount) AS answer FROM readings GROUP BY sensor;

-- Top-N.
SELECT sensor, place, amount
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY sensor ORDER BY amount DESC) AS place
  FROM readings
)
WHERE place <= 2;

-- De-duplication: of those with one id, the first to come.
SELECT sensor, SUM(amount) AS answer
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY came) AS copy
  FROM (SELECT *, PROCTIME() AS came FROM readings)
)
WHERE copy = 1
GROUP BY sensor;

SELECT sensor, COUNT(*) AS answer FROM readings GROUP BY sensor;

-- A regular join keeps both sides.
SELECT sensor, SUM(amount * weight) AS answer
FROM readings JOIN weights ON readings.grade = weights.grade
GROUP BY sensor
