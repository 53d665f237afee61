SELECT id, state, CAST(state * 10 AS SMALLINT) AS tenfold FROM switches
