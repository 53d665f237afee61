"""Orders and the rates that convert them, as they came: some rates after the job was stopped."""

from streamgauge.scenario import CUT, Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="converted",
    version=1,
    question="How much was ordered in each currency, at its rate, whichever comes first?",
    sources=(
        Source("orders", Schema.of(currency="STRING", cents="BIGINT")),
        Source("rates", Schema.of(code="STRING", rate="BIGINT")),
    ),
    arrivals=[
        ("orders", ("EUR", 100)),
        ("rates", ("USD", 2)),
        ("orders", ("USD", 10)),
        CUT,
        ("rates", ("EUR", 3)),
        ("orders", ("USD", 5)),
        ("orders", ("GBP", 1)),
    ],
    sinks=(
        Sink(
            "totals",
            Schema.of(currency="STRING", cents="BIGINT"),
            key=("currency",),
            rows=[("EUR", 300), ("USD", 30)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    sql="""
        SELECT currency, SUM(cents * rate) FROM orders JOIN rates ON currency = code
        GROUP BY currency
    """,
)
