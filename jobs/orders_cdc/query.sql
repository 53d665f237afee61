SELECT
    id, customer, quantity, amount, weight, status, paid, flags, details, scan, due, ordered_at
FROM orders;

SELECT order_id, line, product, quantity, price
FROM items
