SELECT * FROM given;

SELECT * FROM given
