SELECT place, player, total
FROM (
  SELECT player, total, ROW_NUMBER() OVER (ORDER BY total DESC) AS place
  FROM (SELECT player, SUM(n) AS total FROM points GROUP BY player)
)
WHERE place <= 2
