SELECT buyer, cents, clicks
FROM (SELECT buyer, SUM(cents) AS cents FROM orders GROUP BY buyer)
JOIN (SELECT who, COUNT(*) AS clicks FROM clicks GROUP BY who) ON buyer = who
