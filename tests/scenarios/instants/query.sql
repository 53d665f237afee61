SELECT window_time, COUNT(*)
FROM TABLE(TUMBLE(TABLE hits, DESCRIPTOR(seen), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time
