CREATE TEMPORARY VIEW counted AS
SELECT *, COUNT(*) OVER (
    PARTITION BY user_id ORDER BY ts
    RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING AND CURRENT ROW) AS seen
FROM impressions;

CREATE TEMPORARY VIEW profiled AS
SELECT i.*, p.city, p.level
FROM counted AS i
LEFT JOIN profiles FOR SYSTEM_TIME AS OF i.ts AS p ON i.user_id = p.user_id;

CREATE TEMPORARY VIEW clicked AS
SELECT i.*, CASE WHEN c.impression_id IS NULL THEN 0 ELSE 1 END AS clicked
FROM profiled AS i
LEFT JOIN clicks AS c ON i.impression_id = c.impression_id
  AND c.ts BETWEEN i.ts AND i.ts + INTERVAL '10' MINUTE;

-- A window, because an impression may have been clicked more than once.
SELECT impression_id, ts, user_id, item, city, level, seen, MAX(clicked) AS label
FROM (
  SELECT window_start, window_end, CAST(ts AS TIMESTAMP(3)) AS ts,
    impression_id, user_id, item, city, level, seen, clicked
  FROM TABLE(TUMBLE(TABLE clicked, DESCRIPTOR(ts), INTERVAL '1' SECOND))
)
GROUP BY window_start, window_end, impression_id, ts, user_id, item, city, level, seen
