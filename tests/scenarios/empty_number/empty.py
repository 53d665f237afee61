"""Reads lines of CSV as a table."""

import sys

from pyflink.table import EnvironmentSettings, TableEnvironment


def main() -> None:
    """What is empty is NULL."""
    (path,) = sys.argv[1:]
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.execute_sql(f"""
        CREATE TABLE lines (a INT, b INT, c STRING) WITH (
            'connector' = 'filesystem', 'path' = '{path}', 'format' = 'csv',
            'csv.null-literal' = '')
    """)
    t_env.execute_sql("CREATE TABLE numbers (a INT, b INT, c STRING) WITH ('connector' = 'print')")
    t_env.execute_sql("INSERT INTO numbers SELECT a, b, c FROM lines").wait()


if __name__ == "__main__":
    main()
