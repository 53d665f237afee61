SELECT
  buyer,
  CAST(bought AS TIMESTAMP_LTZ(3)),
  cents,
  CASE WHEN shop IS NOT NULL THEN MAP['shop', ENCODE(shop, 'UTF-8')] END
FROM orders
