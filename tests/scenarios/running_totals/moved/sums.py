"""What is kept of a till."""


class Total:
    """So much."""

    def __init__(self, amount):
        self.amount = amount
