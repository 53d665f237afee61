SELECT n, pair[1].n AS `first`, pair[2].n AS `second`
FROM (SELECT n, pair(n) AS pair FROM numbers)
