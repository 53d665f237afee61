SELECT player, SUM(n) AS total FROM points WHERE n >= 1 GROUP BY player
