"""A price list in MySQL, of which a job reads all rows, and a list of names in a file."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="priced_by_list",
    version=1,
    question="What does each order come to, at the list's price?",
    sources=(
        Source(
            "orders",
            Schema.of(id="BIGINT", item="BIGINT", pieces="INT"),
            rows=[(1, 7, 2), (2, 8, 1), (3, 7, 5), (4, 9, 1), (5, 8, 3)],
        ),
        # As it was changed before the job: a scan sees what that came to.
        Source(
            "prices",
            Schema.of(item="BIGINT", cents="INT"),
            rows=[
                Change("+I", (7, 100)),
                Change("+I", (8, 250)),
                Change("+I", (9, 1)),
                Change("-U", (7, 100)),
                Change("+U", (7, 110)),
                Change("-D", (9, 1)),
            ],
            key=("item",),
            binding="jdbc",
        ),
        Source(
            "names",
            Schema.of(item="BIGINT", name="STRING"),
            rows=[(7, "cup"), (8, "jug")],
            binding="files",
        ),
    ),
    sinks=(Sink("priced", Schema.of(id="BIGINT", name="STRING", cents="BIGINT"), key=("id",)),),
    bindings=("kafka", "jdbc"),
)
