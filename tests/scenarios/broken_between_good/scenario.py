"""Messages that nobody can read, between good ones: they are told, and make no row late.

What is no JSON at all is passed over; of what is, a time that cannot be read is NULL. Such a row
goes into no window, or the job would end with `rowtimeIndex should not be null`.
"""

from datetime import datetime

from streamgauge.scenario import Message, Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2021-05-26 00:00:{second:02}")


SCENARIO = Scenario(
    id="broken_between_good",
    version=1,
    question="How many events were there in each ten seconds, and which have no time?",
    sources=(
        Source(
            "events",
            Schema.of(id="INT", seen="TIMESTAMP(3)"),
            rows=[
                (1, _at(0)),
                (2, _at(4)),
                Message(b'{"id": 3, "seen": "soon"}'),
                (4, _at(5)),
                Message(b'{"id": 5, "seen": '),
                Message(b'{"id": 6, "seen": "2021-05-26 00:00:07"}'),
                (7, _at(9)),
                (8, _at(20)),
            ],
            time="seen",
            options={"kafka": {"json.ignore-parse-errors": "true"}},
        ),
    ),
    sinks=(
        Sink(
            "counts",
            Schema.of(begun="TIMESTAMP(3)", n="BIGINT"),
            rows=[(_at(0), 5), (_at(20), 1)],
        ),
        Sink("untimed", Schema.of(id="INT"), rows=[(3,)]),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
