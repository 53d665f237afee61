"""The same rows, with parts of them beside."""


def expected(inputs):
    """Rows of the sink `copies`."""
    return {"copies": [(*row, *parts(*row[1:])) for row in inputs["samples"]]}


def parts(tags, _, prices, place, lines):
    """The first tag, a price, whether the place is on, and the number of the first line."""
    inner, line = place and place[2], lines and lines[0]
    return (
        tags[0] if tags else None,
        dict(prices or ()).get("é"),
        inner and inner[0],
        line and line[1],
    )
