"""Who asks to be reminded, and in how many milliseconds."""


def asked(seed, start, stop):
    """Rows (name, after_ms), of different names."""
    return [(f"{seed} {number}", number % 100) for number in range(start, stop)]
