"""A filter before it: the uid finds the state all the same."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

from .total import Total

TOTAL = Types.ROW_NAMED(["till", "total"], [Types.LONG(), Types.LONG()])


class Add(KeyedProcessFunction):
    """Adds each amount to its till's total, and tells it."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state."""
        kept = ValueStateDescriptor("total", Types.PICKLED_BYTE_ARRAY())
        self.total = runtime_context.get_state(kept)

    def process_element(self, value: Row, ctx: KeyedProcessFunction.Context):
        """Add one amount."""
        total = self.total.value() or Total(0)
        total.amount += value[1]
        self.total.update(total)
        yield Row(value[0], total.amount)


def query(sales: DataStream) -> DataStream:
    """(till, total), anew with each sale."""
    return (
        sales.filter(lambda row: row[1] > 0)
        .key_by(lambda row: row[0], key_type=Types.LONG())
        .process(Add(), output_type=TOTAL)
        .uid("totals")
    )
