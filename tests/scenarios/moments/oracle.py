"""The calendar as it is, and seconds as UTC has them."""


def expected(inputs):
    """Rows of the sink `told`."""
    rows = [change.row for change in inputs["moments"]]
    return {"told": [(at, said, seen and int(seen.timestamp())) for at, said, seen in rows]}
