"""What Flink is told of a job: settings that its cell asks for, and those of one start."""

from __future__ import annotations

from streamgauge.cells import Cell
from streamgauge.harness import Engine
from streamgauge.scenario import UDF_DIALECTS

# With checkpoints Flink starts a failed job again and again: here it has to tell why.
_ANY = {"restart-strategy.type": "none"}

# For small inputs. Flink's defaults let a slow stream wait for a second, and start the
# Python processes of a batch one after the other.
_PYTHON = {
    "python.fn-execution.bundle.time": "20",
    "execution.batch-shuffle-mode": "ALL_EXCHANGES_PIPELINED",
    "jobmanager.scheduler": "Default",
}
# Whether a row is late must not depend on when watermarks are looked at: they follow each row.
_TIMED = {"pipeline.auto-watermark-interval": "0 ms", "table.local-time-zone": "UTC"}

# What has no rows for as long does not hold event time back. Long enough for a row to come
# through: a watermark that Python still holds is lost once its source has gone idle. Event time
# moves with each row all the same; but Flink looks for idle ones only now and then.
_IDLE = {"table.exec.source.idle-timeout": "3 s", "pipeline.auto-watermark-interval": "50 ms"}

# A Python function sees a watermark when the bundle before it has ended, so rows are late or
# not as bundles fall. A row a bundle costs some 10 ms a row: only inputs with late rows get it.
_ROW_BY_ROW = {"python.fn-execution.bundle.size": "1"}

# In batch Flink forgets a key's state at the next key, but a bundle of a Python function with
# timers goes over several keys (seen on 1.20.5; github.com/apache/flink-agents/issues/939 is
# the same in another project).
_ALL_KEYS = {"execution.batch-state-backend.enabled": "false"}


def of_cell(cell: Cell) -> dict[str, str]:
    """What a cell's dialect, event time and way to run Python functions ask for."""
    stateful = cell.dialect not in UDF_DIALECTS
    python = stateful or cell.udf is not None
    return {
        **_ANY,
        **(_PYTHON if python else {}),
        **(_TIMED if cell.scenario.timed else {}),
        **(_ALL_KEYS if cell.scenario.timed and cell.mode == "batch" and stateful else {}),
        **({"python.execution-mode": "thread"} if cell.udf == "thread" else {}),
    }


def of_start(
    engine: Engine, parallelism: int, savepoint: str | None, *, late: bool, idle: bool
) -> dict[str, str]:
    """What sends a job to the engine's cluster, from a savepoint's path if there is one.

    `late`: whether any row of the inputs is; `idle`: whether a partition stays empty.
    """
    return {
        **_to_cluster(engine),
        "parallelism.default": str(parallelism),
        **(_ROW_BY_ROW if late else {}),
        **(_IDLE if idle else {}),
        **(_from_savepoint(savepoint) if savepoint else {}),
    }


def _to_cluster(engine: Engine) -> dict[str, str]:
    python = str(engine.cluster.environment.python)
    return {
        "execution.target": "remote",
        "execution.attached": "false",
        "rest.address": "127.0.0.1",
        "rest.port": engine.cluster.rest.url.rpartition(":")[2],
        "python.executable": python,
        "python.client.executable": python,
    }


def _from_savepoint(path: str) -> dict[str, str]:
    """Under both names: the second is that of 1.20 and newer lines, which read the first too."""
    return {"execution.savepoint.path": path, "execution.state-recovery.path": path}
