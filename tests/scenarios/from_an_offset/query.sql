SELECT page, COUNT(*) FROM visits GROUP BY page
