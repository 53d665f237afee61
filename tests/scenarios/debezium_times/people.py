"""Reads a topic of Debezium's as it is by default, into a table with times."""

import os
import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

LOGIN = ("security.protocol", "sasl.mechanism", "sasl.jaas.config")


def login() -> str:
    """Options for what the environment has of a login."""
    values = {name: os.environ[name.upper().replace(".", "_")] for name in LOGIN}
    quoted = {name: value.replace("'", "''") for name, value in values.items()}
    return "".join(f",\n'properties.{name}' = '{value}'" for name, value in quoted.items())


def main() -> None:
    """Times go by UTC, as Debezium has it."""
    servers, topic = sys.argv[1:]
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.get_config().set("table.local-time-zone", "UTC")
    t_env.execute_sql(f"""
        CREATE TABLE captured (id BIGINT, born INT, seen BIGINT, wakes BIGINT) WITH (
            'connector' = 'kafka', 'properties.bootstrap.servers' = '{servers}',
            'topic' = '{topic}', 'scan.startup.mode' = 'earliest-offset',
            'format' = 'debezium-json'{login()})
    """)
    t_env.execute_sql("""
        CREATE TABLE people (
            id BIGINT, born DATE, seen TIMESTAMP(3), wakes TIME, PRIMARY KEY (id) NOT ENFORCED
        ) WITH ('connector' = 'print')
    """)
    t_env.execute_sql("""
        INSERT INTO people SELECT
            id,
            CAST(TIMESTAMPADD(DAY, born, DATE '1970-01-01') AS DATE),
            CAST(TO_TIMESTAMP_LTZ(seen / 1000, 3) AS TIMESTAMP(3)),
            CAST(TO_TIMESTAMP_LTZ(wakes / 1000, 3) AS TIME)
        FROM captured
    """).wait()


if __name__ == "__main__":
    main()
