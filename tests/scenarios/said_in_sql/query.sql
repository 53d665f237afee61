/* Each `;` that ends no statement is harmless: in comments; */
SET 'table.local-time-zone' = 'Asia/Shanghai'; -- not in UTC; of the whole job

CREATE TEMPORARY FUNCTION shouted AS 'scenarios.said_in_sql.udf.shouted' LANGUAGE PYTHON;

-- In strings and in names, too;
CREATE TEMPORARY VIEW `marked;` AS SELECT id, note || ';' AS note, ms FROM notes;

SELECT id, shouted(note) AS shout FROM `marked;`;

SELECT id, CAST(TO_TIMESTAMP_LTZ(ms, 3) AS STRING) AS clock FROM `marked;`;
