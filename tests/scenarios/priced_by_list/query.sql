SELECT id, name, CAST(pieces * cents AS BIGINT)
FROM orders
JOIN prices ON orders.item = prices.item
JOIN names ON orders.item = names.item
