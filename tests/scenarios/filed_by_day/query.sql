SELECT at, page, seconds, DATE_FORMAT(at, 'yyyy-MM-dd') FROM visits;

SELECT at, page, seconds, DATE_FORMAT(at, 'yyyy-MM-dd') FROM visits;

SELECT page, seconds FROM visits
