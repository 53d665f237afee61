"""Rows of long ago that come today, counted by the hour of their own time.

A program of streams says so to the source, which PyFlink forgets on every line: it counts them
by the time that Kafka got them.
"""

from datetime import date, datetime

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Script, Sink, Source
from streamgauge.values.schema import Schema


def _at(hour, minute=0):
    return datetime.fromisoformat(f"2024-01-01 {hour:02}:{minute:02}")


SCENARIO = Scenario(
    id="visits_an_hour",
    version=1,
    question="How many visits were there in each hour?",
    sources=(
        Source(
            "visits",
            Schema.of(seen="TIMESTAMP(3)"),
            rows=[(_at(0, 10),), (_at(0, 50),), (_at(1, 10),)],
            time="seen",
        ),
    ),
    sinks=(
        Sink(
            "counts",
            Schema.of(hour="TIMESTAMP(3)", n="BIGINT"),
            rows=[(_at(0), 2), (_at(1), 1)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    job=Script(
        "counted.py",
        arguments=("{properties.bootstrap.servers:visits}", "{topic:visits}", "{topic:counts}"),
        environment={
            "SECURITY_PROTOCOL": "{properties.security.protocol:visits}",
            "SASL_MECHANISM": "{properties.sasl.mechanism:visits}",
            "SASL_JAAS_CONFIG": "{properties.sasl.jaas.config:visits}",
        },
    ),
    divergences=(
        Divergence(
            "fail",
            issue="FLINK-39725: from_source takes no notice of a timestamp assigner in Python"
            " (github.com/apache/flink/pull/28491)",
            expires=date(2027, 6, 30),
            cause="counts: missing 2: .*; extra",
            dialects=("job",),
        ),
    ),
)
