SELECT symbol, begun, lowest, risen
FROM prices
MATCH_RECOGNIZE (
  PARTITION BY symbol
  ORDER BY seen
  MEASURES
    CAST(FIRST(top.seen) AS TIMESTAMP(3)) AS begun,
    LAST(down.price) AS lowest,
    CAST(LAST(up.seen) AS TIMESTAMP(3)) AS risen
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST up
  PATTERN (top down+ up)
  DEFINE
    down AS (LAST(down.price, 1) IS NULL AND down.price < top.price) OR down.price < LAST(down.price, 1),
    up AS up.price > LAST(down.price)
)
