SELECT * FROM samples
