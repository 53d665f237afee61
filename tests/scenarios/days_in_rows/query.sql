SELECT id, written(ARRAY[ROW(`day`, id)]) AS text FROM days
