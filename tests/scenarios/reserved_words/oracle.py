"""The table that the changes come to."""


def expected(inputs):
    """Rows of the sink `order`."""
    table = {}
    for op, row in inputs["rank"]:
        if op == "-D":
            del table[row[0]]
        else:
            table[row[0]] = row
    return {"order": list(table.values())}
