SELECT seen, page, seconds, DATE_FORMAT(seen, 'yyyy-MM-dd') FROM visits;

SELECT seen, page, seconds, DATE_FORMAT(seen, 'yyyy-MM-dd') FROM visits;

SELECT page, seconds FROM visits
