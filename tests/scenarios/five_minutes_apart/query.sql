SELECT window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE visits, DESCRIPTOR(seen), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
