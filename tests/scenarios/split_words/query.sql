SELECT id, word, length
FROM lines LEFT JOIN LATERAL TABLE(words_of(line)) AS parts (word, length) ON TRUE
