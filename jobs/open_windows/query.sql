SELECT window_start, window_end, sensor, SUM(amount) AS amount
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, sensor;

SELECT window_start, window_end, sensor, SUM(amount) AS amount
FROM TABLE(HOP(TABLE readings, DESCRIPTOR(`at`), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, sensor;

SELECT window_start, window_end, sensor, SUM(amount) AS amount
FROM TABLE(CUMULATE(TABLE readings, DESCRIPTOR(`at`), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, sensor;

SELECT window_start, window_end, sensor, SUM(amount) AS amount
FROM TABLE(
  SESSION(TABLE readings PARTITION BY sensor, DESCRIPTOR(`at`), INTERVAL '30' SECOND))
GROUP BY window_start, window_end, sensor
