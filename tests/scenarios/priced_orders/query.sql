SELECT o.order_id, CAST(o.ts AS TIMESTAMP(3)) AS ts, o.item, o.quantity, p.price
FROM orders AS o
LEFT JOIN prices FOR SYSTEM_TIME AS OF o.ts AS p ON o.item = p.item
