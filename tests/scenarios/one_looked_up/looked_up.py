"""Looks up a table of MySQL for each row of a topic."""

import re
import sys
from os import environ

from pyflink.table import EnvironmentSettings, TableEnvironment


def quoted(text: str) -> str:
    """As a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def main() -> None:
    """With a filter on the table that is looked up."""
    url, topic = sys.argv[1:]
    _, database, table = topic.split(".")
    at = re.sub(r"/\w+\?", f"/{database}?", url)
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.execute_sql(f"""
        CREATE TABLE asked (ip BIGINT, came AS PROCTIME()) WITH (
            'connector' = 'kafka', 'topic' = {quoted(environ["TOPIC"])}, 'format' = 'json',
            'properties.bootstrap.servers' = {quoted(environ["BROKERS"])},
            'properties.security.protocol' = {quoted(environ["SECURITY_PROTOCOL"])},
            'properties.sasl.mechanism' = {quoted(environ["SASL_MECHANISM"])},
            'properties.sasl.jaas.config' = {quoted(environ["SASL_JAAS_CONFIG"])},
            'scan.startup.mode' = 'earliest-offset')
    """)
    t_env.execute_sql(f"""
        CREATE TABLE dimension (ip BIGINT, type BIGINT, place STRING) WITH (
            'connector' = 'jdbc', 'url' = {quoted(at)}, 'table-name' = {quoted(table)},
            'username' = {quoted(environ["DATABASE_USER"])},
            'password' = {quoted(environ["DATABASE_PASSWORD"])})
    """)
    t_env.execute_sql(f"""
        CREATE TABLE found (
            ip BIGINT, type BIGINT, place STRING, PRIMARY KEY (ip, type) NOT ENFORCED
        ) WITH (
            'connector' = 'jdbc', 'url' = {quoted(url)}, 'table-name' = 'found',
            'username' = {quoted(environ["DATABASE_USER"])},
            'password' = {quoted(environ["DATABASE_PASSWORD"])},
            'sink.buffer-flush.interval' = '100ms')
    """)
    t_env.execute_sql("""
        INSERT INTO found
        SELECT asked.ip, dimension.type, dimension.place
        FROM asked LEFT JOIN dimension FOR SYSTEM_TIME AS OF asked.came
        ON asked.ip = dimension.ip AND dimension.type = 0
    """).wait()


if __name__ == "__main__":
    main()
