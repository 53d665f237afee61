"""The parser as Python scalar functions, general and pandas, under the same names."""

from pandas import Series
from pyflink.table import DataTypes
from pyflink.table.udf import udf

from jobs.syslog_udf.parse import (
    client,
    command,
    danger,
    host,
    logged_at,
    login_user,
    reject_reason,
    status,
    topic,
    user_name,
)

RESULTS = {
    reject_reason: DataTypes.STRING(),
    logged_at: DataTypes.TIMESTAMP(3),
    topic: DataTypes.STRING(),
    host: DataTypes.STRING(),
    client: DataTypes.STRING(),
    user_name: DataTypes.STRING(),
    login_user: DataTypes.STRING(),
    command: DataTypes.STRING(),
    # Not INT: in thread mode Flink fails on an INT that is NULL.
    status: DataTypes.BIGINT(),
    danger: DataTypes.STRING(),
}


def of_columns(function):
    """The function of rows as one of columns."""

    def applied(*columns):
        # Without a dtype, pandas makes floats of numbers where some are missing.
        return Series([function(*values) for values in zip(*columns)], dtype=object)

    return applied


FUNCTIONS = {
    function.__name__: udf(function, result_type=result) for function, result in RESULTS.items()
}
PANDAS = {
    function.__name__: udf(
        of_columns(function), result_type=result, func_type="pandas", name=function.__name__
    )
    for function, result in RESULTS.items()
}
