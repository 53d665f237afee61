SELECT word, COUNT(*) AS n
FROM (
  SELECT LOWER(REGEXP_EXTRACT(word, '[\p{L}\p{M}\p{N}](?s:.*[\p{L}\p{M}\p{N}])?', 0)) AS word
  FROM words
)
WHERE word IS NOT NULL
GROUP BY word
