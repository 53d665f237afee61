"""Each reading, and twice as much, which 32 bits hold too."""


def expected(inputs):
    """Rows of the sink `doubled`."""
    return {"doubled": [(at, level, level * 2) for at, level in inputs["readings"]]}
