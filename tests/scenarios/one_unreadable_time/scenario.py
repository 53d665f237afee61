"""A message whose time nobody can read, between good ones: it is told, and makes no other late."""

from datetime import datetime

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

# 2021-05-26 00:00:00 in UTC.
_BEGIN_MS = 1_621_987_200_000
_UNREADABLE = '{"ms": "soon"}'


def _message(second):
    return (f'{{"ms": {_BEGIN_MS + 1000 * second}}}',)


SCENARIO = Scenario(
    id="one_unreadable_time",
    version=1,
    question="How many messages were there in each ten seconds, and which cannot be read?",
    sources=(
        Source(
            "messages",
            Schema.of(message="STRING"),
            # The last one is there to close the window before its own, which stays open.
            rows=[_message(0), _message(4), (_UNREADABLE,), _message(5), _message(9), _message(20)],
            raw=True,
        ),
    ),
    sinks=(
        Sink(
            "counts",
            Schema.of(begun="TIMESTAMP(3)", n="BIGINT"),
            rows=[(datetime.fromisoformat("2021-05-26 00:00:00"), 4)],
        ),
        Sink("unreadable", Schema.of(message="STRING"), rows=[(_UNREADABLE,)]),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
