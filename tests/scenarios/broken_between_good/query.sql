SELECT window_start, COUNT(*)
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(seen), INTERVAL '10' SECOND))
WHERE seen IS NOT NULL
GROUP BY window_start, window_end;

SELECT id FROM events WHERE seen IS NULL
