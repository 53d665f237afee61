SELECT id, level, CAST(level * 2 AS FLOAT) AS twice FROM readings
