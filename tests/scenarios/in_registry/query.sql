SELECT id, name, price, paid FROM orders;

SELECT id, name, price, paid FROM orders
