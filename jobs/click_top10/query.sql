CREATE TEMPORARY VIEW in_time AS
SELECT * FROM clicks
WHERE action = 'click' AND sex IN ('f', 'm')
  AND (CURRENT_WATERMARK(ts) IS NULL OR ts > CURRENT_WATERMARK(ts));

SELECT window_end, sex, place, user_id, name, clicks
FROM (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY window_start, window_end, sex ORDER BY clicks DESC, user_id) AS place
  FROM (
    SELECT window_start, window_end, sex, user_id, name, COUNT(*) AS clicks
    FROM TABLE(HOP(TABLE in_time, DESCRIPTOR(ts), INTERVAL '0.1' SECOND, INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, sex, user_id, name
  )
)
WHERE place <= 10;

SELECT window_end, sex, place, user_id, name, clicks
FROM (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY window_start, window_end, sex ORDER BY clicks DESC, user_id) AS place
  FROM (
    SELECT window_start, window_end, sex, user_id, name, COUNT(*) AS clicks
    FROM TABLE(CUMULATE(TABLE in_time, DESCRIPTOR(ts), INTERVAL '0.1' SECOND, INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, sex, user_id, name
  )
)
WHERE place <= 10;

SELECT ts, user_id, name, sex, action
FROM clicks
WHERE ts <= CURRENT_WATERMARK(ts)
