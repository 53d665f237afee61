SELECT id, seen, `at` FROM recent;

SELECT id, seen, `at` FROM recent;

SELECT id, seen FROM before
