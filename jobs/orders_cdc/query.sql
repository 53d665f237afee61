SELECT id, customer, amount, status, note, ordered_at
FROM orders
