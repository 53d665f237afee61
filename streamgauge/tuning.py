"""The settings of one job, of cluster, attachments, tuning, cell and start, merged in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from streamgauge import asked
from streamgauge.attachments.place import EXACTLY_ONCE
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.scenario import JOB, UDF_DIALECTS
from streamgauge.travel import joined, located
from streamgauge.worker.client import Operator
from streamgauge.zones import UTC, check_zone

# The operators that the planner may choose for each way to run functions, without what all their
# names have in common.
_OPERATORS = {
    "process": (
        "PythonScalarFunction",
        "PythonAsyncScalarFunction",
        "PythonTableFunction",
        "PythonStreamGroupAggregate",
        "PythonStreamGroupTableAggregate",
        "PythonStreamGroupWindowAggregate",
    ),
    # Aggregates have none.
    "thread": ("EmbeddedPythonScalarFunction", "EmbeddedPythonTableFunction"),
    "pandas": (
        "ArrowPythonScalarFunction",
        "BatchArrowPythonGroupAggregateFunction",
        "BatchArrowPythonGroupWindowAggregateFunction",
        "BatchArrowPythonOverWindowAggregateFunction",
        "StreamArrowPythonGroupWindowAggregateFunction",
        "StreamArrowPythonRowTimeBoundedRows",
        "StreamArrowPythonRowTimeBoundedRange",
        "StreamArrowPythonProcTimeBoundedRows",
        "StreamArrowPythonProcTimeBoundedRange",
    ),
}

# For small inputs. Flink's defaults let a slow stream wait for a second, and start the
# Python processes of a batch one after the other.
_QUICK_PYTHON = {
    "python.fn-execution.bundle.time": "20",
    "execution.batch-shuffle-mode": "ALL_EXCHANGES_PIPELINED",
    "jobmanager.scheduler": "Default",
}
CONFORMANCE = "conformance"
DEFAULTS = "flink defaults"
LOW_LATENCY = "low latency"
# What goes on to the next task is sent when it has waited for as long: by default 100 ms.
_SENT_SOON = {"execution.buffer-timeout.interval": "5 ms"}
# What is delivered exactly once shows with the next checkpoint. To others they are in the way.
_COMMITTED_SOON = {"execution.checkpointing.interval": "100 ms"}


class Tuning(NamedTuple):
    """What a cell is told beside what its answer needs: any, with Python, with transactions."""

    any: Mapping[str, str]
    python: Mapping[str, str]
    transactions: Mapping[str, str]


TUNINGS: Mapping[str, Tuning] = {
    CONFORMANCE: Tuning({}, _QUICK_PYTHON, {}),
    DEFAULTS: Tuning({}, {}, {}),
    LOW_LATENCY: Tuning(_SENT_SOON, {"python.fn-execution.bundle.time": "10"}, _COMMITTED_SOON),
}

# With checkpoints Flink starts a failed job again and again: here it has to tell why.
_ANY = {"restart-strategy.type": "none"}

# Whether a row is late must not depend on when watermarks are looked at: they follow each row.
_ZONE = "table.local-time-zone"
_TIMED = {"pipeline.auto-watermark-interval": "0 ms"}

# What has no rows for as long does not hold event time back. Long enough for a row to come
# through: a watermark that Python still holds is lost once its source has gone idle. Event time
# moves with each row all the same; but Flink looks for idle ones only now and then.
_NOW_AND_THEN = {"pipeline.auto-watermark-interval": "50 ms"}
_IDLE = {"table.exec.source.idle-timeout": "3 s", **_NOW_AND_THEN}

# A Python function sees a watermark when the bundle before it has ended, so rows are late, and
# windows merge, as bundles fall. A row a bundle costs some 10 ms a row, and each timer is one.
_BUNDLE = "python.fn-execution.bundle.size"
_ROW_BY_ROW = {_BUNDLE: "1"}

# In batch Flink forgets a key's state at the next key, but a bundle of a Python function with
# timers goes over several keys (seen on 1.20.5; github.com/apache/flink-agents/issues/939 is
# the same in another project).
_ALL_KEYS = {"execution.batch-state-backend.enabled": "false"}

# What a start says itself, and would say over what it was set to.
_OF_START = {
    "parallelism.default": "--parallelism",
    "execution.runtime-mode": "--mode",
    "execution.savepoint.path": "--lifecycle",
    "execution.state-recovery.path": "--lifecycle",
}
# A job that is told these goes on without a word.
_OF_CLUSTER = ("env.", "taskmanager.", "rest.", "jobmanager.memory.", "jobmanager.rpc.")


@dataclass(frozen=True)
class Begin:
    """What one start of a job asks for.

    `late`: whether any row of the inputs is, or results go by the watermark in Python;
    `idle`: whether a partition stays empty; `savepoint`: the URI of one to go on from;
    `settings`: what the lifecycle says beside.
    """

    parallelism: int = 1
    late: bool = False
    idle: bool = False
    savepoint: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def given(told: Sequence[str]) -> dict[str, str]:
    """A user's own settings, from `key=value` each; a UsageError where one would have no effect."""
    parts = [text.partition("=") for text in told]
    for text, (key, equals, _) in zip(told, parts):
        if not (key.strip() and equals):
            raise UsageError(f"--set {text}: not key=value, such as table.exec.state.ttl=1h")
    settings = {key.strip(): value.strip() for key, _, value in parts}
    for key, value in settings.items():
        _check_given(f"--set {key}", key, value)
    return settings


def _check_given(told: str, key: str, value: str) -> None:
    if key in _OF_START:
        raise UsageError(f"{told}: that is for {_OF_START[key]} to say")
    if key.startswith(_OF_CLUSTER):
        raise UsageError(f"{told}: is of the cluster, not of a job")
    if key == _ZONE:
        check_zone(told, value)


def of_sql(cell: Cell) -> dict[str, str]:
    """What SETs of its query.sql say, wherever they stand; a UsageError where one cannot."""
    said = asked.settings(cell)
    for key, (value, statement) in said.items():
        _check_given(f"{statement.place}: SET '{key}'", key, value)
    return {key: value for key, (value, _) in said.items()}


def merged(
    cell: Cell,
    begin: Begin,
    *,
    cluster: Mapping[str, str],
    attached: Mapping[str, str],
    tuning: str = CONFORMANCE,
    zone: str = UTC,
) -> dict[str, str]:
    """All that a job is told: what comes later wins, and files of all go with it.

    `zone` is the session's, where times matter.
    """
    of_tuning, needed = tells(tuning, cell), of_cell(cell, zone)
    return joined(cluster, attached, of_tuning, needed, _of_start(cell, begin))


def tells(tuning: str, cell: Cell) -> dict[str, str]:
    """What a tuning tells a cell."""
    told = TUNINGS[tuning]
    return {
        **told.any,
        **(told.python if has_python(cell) else {}),
        **(told.transactions if cell.delivery == EXACTLY_ONCE else {}),
    }


def has_python(cell: Cell) -> bool:
    """Whether Python functions run in its job."""
    return _throughout(cell) or cell.udf is not None


def _throughout(cell: Cell) -> bool:
    return cell.dialect not in UDF_DIALECTS


def of_cell(cell: Cell, zone: str = UTC) -> dict[str, str]:
    """What a cell's answer needs: by event time, mode and way to run Python functions."""
    timed = cell.scenario.timed
    return {
        **_ANY,
        **({**_TIMED, _ZONE: zone} if timed else {}),
        **(_NOW_AND_THEN if _says_when_idle(cell) else {}),
        **(_ALL_KEYS if timed and cell.mode == "batch" and _throughout(cell) else {}),
        **({"python.execution-mode": "thread"} if cell.udf == "thread" else {}),
        **located({**of_sql(cell), **cell.scenario.settings}, cell.scenario.folder),
    }


def _may_need_row_by_row(cell: Cell) -> bool:
    """Whether results can differ as bundles fall, though no row is late.

    A scenario that sets the size of bundles itself says that its functions go by the rows'
    own times.
    """
    timed = cell.mode == "streaming" and cell.scenario.timed
    return timed and _BUNDLE not in cell.scenario.settings


def goes_by_operators(cell: Cell) -> bool:
    """Whether anything is decided by which Python operators its job has."""
    return cell.udf is not None or (has_python(cell) and _may_need_row_by_row(cell))


def needs_row_by_row(cell: Cell, operators: Iterable[Operator]) -> bool:
    """Whether they do: Python closes or merges by the watermark, or may in a program unseen."""
    by_watermark = cell.dialect == JOB or any(operator.by_watermark for operator in operators)
    return _may_need_row_by_row(cell) and by_watermark


def _of_start(cell: Cell, begin: Begin) -> dict[str, str]:
    return {
        "parallelism.default": str(begin.parallelism),
        **(_ROW_BY_ROW if begin.late else {}),
        **(_idle(cell) if begin.idle else {}),
        **(_from_savepoint(begin.savepoint) if begin.savepoint else {}),
        **begin.settings,
    }


def _idle(cell: Cell) -> dict[str, str]:
    """What lets event time go on, unless the scenario says by itself whether and when it does."""
    if _says_when_idle(cell):
        return {}
    said = {**of_sql(cell), **cell.scenario.settings}
    return {key: said.get(key, value) for key, value in _IDLE.items()}


def _says_when_idle(cell: Cell) -> bool:
    return any(source.idle for source in cell.scenario.sources)


def _from_savepoint(uri: str) -> dict[str, str]:
    """Under both names: the second is that of 1.20 and newer lines, which read the first too."""
    return {"execution.savepoint.path": uri, "execution.state-recovery.path": uri}


def check_udf(cell: Cell, operators: Sequence[str]) -> None:
    """Flink takes another way without a word where it cannot take the one it was told."""
    if cell.udf is None:
        return
    of_mode = {f"{name}Operator" for name in _OPERATORS[cell.udf]}
    others = dict.fromkeys(name for name in operators if name not in of_mode)
    if others or not operators:
        raise StreamgaugeError(
            f"functions were to run in mode {cell.udf},"
            f" but the planner chose {', '.join(others) or 'no Python operator'}"
        )
