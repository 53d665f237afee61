"""Totals in a value state, pickled."""

from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

from .kept import NAME, Total

TOTAL = Types.ROW_NAMED(["till", "total"], [Types.LONG(), Types.LONG()])


class Add(KeyedProcessFunction):
    """Adds each amount to its till's total, and tells it."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state."""
        kept = ValueStateDescriptor(NAME, Types.PICKLED_BYTE_ARRAY())
        self.total = runtime_context.get_state(kept)

    def process_element(self, value: Row, ctx: KeyedProcessFunction.Context):
        """Add one amount."""
        total = self.total.value() or Total(0)
        total.amount += value[1]
        self.total.update(total)
        yield Row(value[0], total.amount)
