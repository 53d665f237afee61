SELECT window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(seen), INTERVAL '1' HOUR))
GROUP BY window_start, window_end
