SELECT
  topic(line) AS topic,
  host(line) AS host,
  client(line) AS client,
  user_name(line) AS user_name,
  login_user(line) AS login_user,
  command(line) AS command,
  logged_at(received, line) AS `at`,
  CAST(status(line) AS INT) AS status
FROM lines
WHERE reject_reason(received, line) IS NULL;

SELECT line, reason
FROM (SELECT line, reject_reason(received, line) AS reason FROM lines)
WHERE reason IS NOT NULL;

WITH commands AS (
  SELECT
    CAST(received AS TIMESTAMP(3)) AS `at`,
    client(line) AS client,
    command(line) AS command
  FROM lines
  WHERE reject_reason(received, line) IS NULL
),
failed AS (
  SELECT received, client(line) AS client
  FROM lines
  WHERE reject_reason(received, line) IS NULL AND status(line) <> 0
)
SELECT danger(command) AS rule, client, `at`, command AS detail
FROM commands
WHERE danger(command) IS NOT NULL
UNION ALL
SELECT 'many failures', client, window_end, CAST(COUNT(*) AS STRING)
FROM TABLE(TUMBLE(TABLE failed, DESCRIPTOR(received), INTERVAL '1' MINUTE))
GROUP BY client, window_start, window_end
HAVING COUNT(*) >= 5
