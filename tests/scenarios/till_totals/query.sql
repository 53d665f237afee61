SELECT till, SUM(amount) AS total FROM sales GROUP BY till
