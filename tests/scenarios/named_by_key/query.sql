SELECT buyer, shop, amount FROM orders
