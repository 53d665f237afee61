"""The tables that the changes come to, by plain dictionaries."""


def expected(inputs):
    """Rows of the sinks `orders_copy` and `items_copy`."""
    return {
        "orders_copy": _table(inputs["orders"], key=1),
        "items_copy": _table(inputs["items"], key=2),
    }


def _table(changes, key):
    """The table's rows, where its first `key` columns are the primary key."""
    table = {}
    for op, row in changes:
        if op in ("-D", "-U"):
            del table[row[:key]]
        else:
            table[row[:key]] = row
    return list(table.values())
