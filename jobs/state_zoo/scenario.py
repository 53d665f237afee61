"""Small questions, each of which needs another kind of state: what a savepoint has to hold."""

from datetime import date

from generators import readings
from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

# Of what has no grade (NULL) nothing is weighted.
READINGS = Schema.of(id="BIGINT", sensor="STRING", grade="STRING", amount="BIGINT")
WEIGHTS = Schema.of(grade="STRING", weight="BIGINT")
BY_SENSOR = Schema.of(sensor="STRING", answer="BIGINT")
PLACES = Schema.of(sensor="STRING", place="BIGINT", amount="BIGINT")

SCENARIO = Scenario(
    id="state_zoo",
    version=4,
    question="What has each sensor read: in all, at most, how variously, counting once, weighted?",
    sources=(
        Source("readings", READINGS, generate=readings.rows),
        Source("weights", WEIGHTS, generate=readings.weights),
    ),
    # A sink for each kind of state, so that what is lost is told by name.
    sinks=(
        Sink("total", BY_SENSOR, key=("sensor",)),
        Sink("greatest", BY_SENSOR, key=("sensor",)),
        Sink("spread", BY_SENSOR, key=("sensor",)),
        Sink("variety", BY_SENSOR, key=("sensor",)),
        Sink("best", PLACES, key=("sensor", "place")),
        # Of readings that were sent twice, one.
        Sink("sent_once", BY_SENSOR, key=("sensor",)),
        Sink("told_in_time", BY_SENSOR, key=("sensor",)),
        Sink("weighted", BY_SENSOR, key=("sensor",)),
    ),
    # Long enough for no state to expire; and all of SQL's state has a time to live.
    settings={"table.exec.state.ttl": "1 d"},
    bindings=("kafka",),
    udfs=("process",),
    rows=200,
    absent={
        "batch": "Python's general aggregate functions are for streams alone (2026-11-26)",
        "datastream": "keyed state without a process function is that of `reduce`, which"
        " word_count has (2026-11-26)",
    },
    divergences=(
        Divergence(
            expects="fail",
            cause="spread: missing",
            issue="PyFlink gives the heap state backend one and the same object as the key of all"
            " that Python's aggregate functions keep (BeamKeyedStateStore.setCurrentKey: the row"
            " that RowDataSerializer.toBinaryRow reuses): a savepoint has all of it under the key"
            " that came last. RocksDB, which writes each key down at once, is right (seen in"
            " 1.20.5 and 2.2.1; so in the code of 1.19 to 2.3; no issue found there, 2026-11-26)",
            expires=date(2027, 11, 26),
            dialects=("sql", "table"),
            lifecycles=("restart", "native", "rescale", "upgrade"),
        ),
    ),
)
