SELECT name, TUMBLE_START(seen, INTERVAL '5' SECOND) AS began, mean_of(price) AS mean
FROM prices
GROUP BY name, TUMBLE(seen, INTERVAL '5' SECOND);

SELECT seen, name, highest_of(price) OVER (
  PARTITION BY name ORDER BY seen ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS highest
FROM prices
