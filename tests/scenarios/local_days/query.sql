SELECT window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE hits, DESCRIPTOR(seen), INTERVAL '1' DAY))
GROUP BY window_start, window_end
