SELECT
  buyer,
  CAST(bought AS TIMESTAMP_LTZ(3)),
  cents,
  CASE WHEN shop IS NOT NULL THEN MAP['shop', CAST(shop AS BYTES)] END
FROM orders
