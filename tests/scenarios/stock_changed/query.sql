SELECT id, name, n, price, counted FROM stock;

SELECT name, SUM(n), COUNT(*) FROM stock GROUP BY name
