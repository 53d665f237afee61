SELECT
  id, tags, days, prices, place, lines,
  tags[1] AS first,
  prices['é'] AS price,
  place.`inner`.`on` AS place_on,
  lines[1].n AS n
FROM samples
