"""A session cluster in containers, on the network of the services: nothing of it runs here.

It is of Flink's official image and the line's PyFlink.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from streamgauge.clusters import layered, remote
from streamgauge.clusters.access import access
from streamgauge.clusters.remote import RemoteCluster
from streamgauge.clusters.rest import Rest
from streamgauge.clusters.session import QUICK, SLOTS
from streamgauge.containers.container import Container
from streamgauge.containers.ground import Ground
from streamgauge.processes import free_port
from streamgauge.versions import Line

_log = logging.getLogger(__name__)

NAME = "containers"
_JOBMANAGER, _TASKMANAGER = "jobmanager", "taskmanager"
_REST, _RPC = 8081, 6122
_START_SECONDS = 90
# What both see: the JobManager's volume.
_SAVEPOINTS = f"file://{layered.SHARED}"


def launch(ground: Ground, line: Line, number: int) -> RemoteCluster:
    """Start JobManager and TaskManager, and wait for the slots; only REST is seen outside.

    They are called by a number, for one of a run that has died has a log to be read.
    A StreamgaugeError where the image cannot be had or made, a StartError with its log where one
    does not come up.
    """
    image = layered.bring(line)
    _log.info("starting a cluster of Flink %s in containers of %s", line.flink, image)
    port = free_port()
    manager, task_manager = (f"{role}-{number}" for role in (_JOBMANAGER, _TASKMANAGER))
    settings = _settings(ground.called(manager), ground.called(task_manager))
    told = "\n".join(f"{key}: {value}" for key, value in settings.items())
    environment = {"FLINK_PROPERTIES": told, "TZ": "UTC"}
    jobmanager = ground.start(manager, image, _REST, port, environment, [_JOBMANAGER])
    beside = [ground.called(manager)]
    taskmanager = ground.start(
        task_manager, image, _RPC, None, environment, [_TASKMANAGER], volumes_from=beside
    )
    found = _joined(f"http://127.0.0.1:{port}", line, (jobmanager, taskmanager))
    _log.info("the cluster is up at %s", found.rest.url)
    if ground.space.keep:
        ground.space.stays["flink"] = f"stays up at {found.rest.url} in {jobmanager}"
    return found


def _joined(url: str, line: Line, containers: tuple[Container, Container]) -> RemoteCluster:
    rest = Rest(url)

    def ready() -> bool:
        """Or one has died, which waiting for the other need not outlast."""
        return rest.slots() == SLOTS or not all(each.alive for each in containers)

    try:
        for each in containers:
            each.wait_until(ready, _START_SECONDS)
        joined = remote.join(access(url, {}), line)
    except BaseException:
        for each in containers:
            each.stop()
        raise
    finally:
        rest.close()
    return replace(joined, containers=containers, name=NAME)


def _settings(jobmanager: str, taskmanager: str) -> dict[str, str]:
    """What they are told, called so; all else is the image's own."""
    return {
        **QUICK,
        "jobmanager.rpc.address": jobmanager,
        "jobmanager.bind-host": "0.0.0.0",
        "rest.address": jobmanager,
        "rest.bind-address": "0.0.0.0",
        "taskmanager.host": taskmanager,
        "taskmanager.bind-host": "0.0.0.0",
        "taskmanager.numberOfTaskSlots": str(SLOTS),
        "taskmanager.rpc.port": str(_RPC),
        "python.executable": layered.PYTHON,
        "state.savepoints.dir": _SAVEPOINTS,
    }
