"""The table that the changes come to, by a plain dictionary."""


def expected(inputs):
    """Rows of the sink `orders_copy`."""
    table = {}
    for op, row in inputs["orders"]:
        if op == "-D":
            del table[row[0]]
        else:
            table[row[0]] = row
    return {"orders_copy": list(table.values())}
