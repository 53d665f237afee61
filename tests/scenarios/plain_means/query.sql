SELECT name, TUMBLE_START(seen, INTERVAL '5' SECOND) AS began, mean_of(price) AS mean
FROM prices
GROUP BY name, TUMBLE(seen, INTERVAL '5' SECOND)
