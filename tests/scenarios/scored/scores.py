"""A program as one finds it: its own tables, on a broker of its own, and a main."""

import argparse
import os

from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udf


@udf(result_type=DataTypes.BIGINT())
def counted(n: int) -> int:
    """Points as they count."""
    return n


def main() -> None:
    """Sum up what comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--least", type=int, required=True)
    least = parser.parse_args().least
    if os.environ["PLAYERS"] != "all":
        raise SystemExit("only all players are known")
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.execute_sql("""
        CREATE TABLE incoming (player STRING, n BIGINT) WITH (
            'connector' = 'kafka', 'topic' = 'theirs', 'format' = 'json',
            'properties.bootstrap.servers' = 'broker.example:9092')
    """)
    t_env.execute_sql("""
        CREATE TEMPORARY TABLE scores (
            player STRING, total BIGINT, PRIMARY KEY (player) NOT ENFORCED
        ) WITH ('connector' = 'print')
    """)
    rows = t_env.from_path("incoming").where(col("n") >= least)
    counts = rows.select(col("player"), counted(col("n")).alias("n"))
    scores = counts.group_by(col("player")).select(col("player"), col("n").sum.alias("total"))
    scores.execute_insert("scores").wait()


if __name__ == "__main__":
    main()
