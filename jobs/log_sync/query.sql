CREATE TEMPORARY VIEW fields AS
SELECT
    line,
    line IS JSON OBJECT AS is_object,
    JSON_VALUE(line, '$.id') AS id,
    JSON_VALUE(line, '$.time') AS moment,
    JSON_VALUE(line, '$.request.method') AS `method`,
    JSON_VALUE(line, '$.request.path') AS path,
    JSON_VALUE(line, '$.status') AS status,
    JSON_VALUE(line, '$.bytes') AS size,
    JSON_VALUE(line, '$.user.id') AS user_id,
    JSON_VALUE(line, '$.client.ip') AS client
FROM logs;

CREATE TEMPORARY VIEW clocks AS
-- The time on the writer's clock, and how many minutes that clock is ahead of UTC.
SELECT
    *,
    CASE
        WHEN REGEXP(moment, '^(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-](0\d|1[0-4]):[0-5]\d)\z')
        THEN SUBSTRING(moment, 1, 10) || ' ' || SUBSTRING(moment, 12, 8)
            || CASE WHEN SUBSTRING(moment, 20, 1) = '.' THEN SUBSTRING(moment, 20, 4) ELSE '.000' END
        WHEN REGEXP(moment, '^\d\d/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/(19|20)\d\d:\d\d:\d\d:\d\d [+-](0\d|1[0-4])[0-5]\d\z')
        THEN SUBSTRING(moment, 8, 4) || '-'
            || LPAD(CAST((POSITION(SUBSTRING(moment, 4, 3) IN 'JanFebMarAprMayJunJulAugSepOctNovDec') + 2) / 3 AS STRING), 2, '0')
            || '-' || SUBSTRING(moment, 1, 2) || ' ' || SUBSTRING(moment, 13, 8) || '.000'
    END AS wall,
    CASE
        WHEN moment LIKE '%Z' THEN 0
        ELSE TRY_CAST(LEFT(RIGHT(REPLACE(moment, ':', ''), 5), 3) AS INT) * 60
            + TRY_CAST(LEFT(RIGHT(REPLACE(moment, ':', ''), 5), 1) || RIGHT(moment, 2) AS INT)
    END AS ahead
FROM fields;

CREATE TEMPORARY VIEW times AS
-- TO_TIMESTAMP takes February 30 for February 28: what it made has to read as it was written.
SELECT
    *,
    CASE
        WHEN REGEXP(moment, '^\d{10}(\d{3})?\z')
        THEN TIMESTAMP '1970-01-01 00:00:00.000'
            + TRY_CAST(RPAD(moment, 13, '0') AS BIGINT) * INTERVAL '0.001' SECOND
        ELSE TO_TIMESTAMP(wall) - ahead * INTERVAL '1' MINUTE
    END AS `at`,
    REGEXP(moment, '^\d{10}(\d{3})?\z')
        OR DATE_FORMAT(TO_TIMESTAMP(wall), 'yyyy-MM-dd HH:mm:ss.SSS') = wall AS is_time
FROM clocks;

CREATE TEMPORARY VIEW parsed AS
SELECT
    *,
    CASE
        WHEN NOT is_object THEN 'not JSON'
        WHEN COALESCE(id, '') = '' THEN 'no id'
        WHEN COALESCE(moment, '') = '' THEN 'no time'
        WHEN is_time IS NOT TRUE THEN 'unknown time'
        WHEN COALESCE(`method`, '') = '' THEN 'no method'
        WHEN COALESCE(path, '') = '' THEN 'no path'
        WHEN NOT REGEXP(COALESCE(status, ''), '^[1-5]\d\d\z') THEN 'bad status'
        WHEN size <> '-' AND NOT REGEXP(size, '^\d{1,18}\z') THEN 'bad bytes'
    END AS reason
FROM times;

SELECT
    id, `at`, `method`, path, TRY_CAST(status AS INT), TRY_CAST(size AS BIGINT), user_id, client,
    DATE_FORMAT(`at`, 'yyyy-MM-dd'), DATE_FORMAT(`at`, 'HH')
FROM parsed
WHERE reason IS NULL;

SELECT
    id, `at`, `method`, path, TRY_CAST(status AS INT), TRY_CAST(size AS BIGINT), user_id, client
FROM parsed
WHERE reason IS NULL;

SELECT line, reason
FROM parsed
WHERE reason IS NOT NULL
