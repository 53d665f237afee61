"""Aggregate functions over all values at once, as pandas has them."""

from pyflink.table import DataTypes
from pyflink.table.udf import udaf


def mean(prices):
    """Of a Series."""
    return prices.mean()


def highest(prices):
    """Of a Series."""
    return prices.max()


PANDAS = {
    "mean_of": udaf(mean, result_type=DataTypes.DOUBLE(), func_type="pandas"),
    "highest_of": udaf(highest, result_type=DataTypes.DOUBLE(), func_type="pandas"),
}
