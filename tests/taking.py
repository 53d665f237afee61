"""Actions on savepoints: take one while the job runs on, take operators out of the last one."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from streamgauge.lifecycle import Action, Cancel, Feed, Hold, Lifecycle, Start, Stop, Verify
from streamgauge.perform import perform
from streamgauge.tuning import Begin

TAKE_OUT = Path(__file__).with_name("take_out.py")
# No checkpoint commits what a savepoint has.
RARELY = (("execution.checkpointing.interval", "1 h"),)


@dataclass(frozen=True)
class Save(Action):
    """Take a savepoint; the job runs on, and what its sinks hold back is not committed."""

    needs = "no end"


@perform.register
def _save(_: Save, performance):
    stage = performance.stage
    rest, place = stage._engine.cluster.rest, stage._place.name
    stage.wait_running()
    body = {"target-directory": stage._engine.cluster.savepoints(place), "cancel-job": False}
    path = f"/jobs/{stage._job}/savepoints"
    trigger = rest.ask("POST", path, json=body)["request-id"]
    done = rest._completed(f"{path}/{trigger}", stage.patience)
    stage._savepoint = done["operation"]["location"]


def back(look, *taken, on=("", "")):
    """Back to a savepoint after which more was read, which is read again, maybe on another line."""
    first, then = (Start(on=line, settings=s) for line, s in zip(on, (RARELY, ())))
    begun = (Feed(0.5), first, Verify(look), Save(), *taken, Feed(0.75), Verify(look), Cancel())
    end = (Feed(1), Verify("equal"), Hold(), Stop(), Verify("equal"))
    return Lifecycle("back", (*begun, then, *end))


@dataclass(frozen=True)
class TakeOut(Action):
    """Take operators out of the last savepoint: (what they lead to, in their description)."""

    needs = "no end"
    operators: tuple[tuple[str, str], ...]


@perform.register
def _take_out(action: TakeOut, performance):
    stage = performance.stage
    # A job that was submitted has no graph any more.
    stage._build(Begin())
    nodes = stage._engine.worker.graph()
    ids = [the_one(*each, nodes).id for each in action.operators]
    python = stage._engine.runtime.environment.python
    command = [str(python), str(TAKE_OUT), urlparse(stage._savepoint).path, *ids]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert sorted(ids) == sorted(done.stdout.split()), done.stderr


def the_one(sink, operator, nodes):
    """The operator before a sink that is described so; it has to be one."""
    before = {at for at, node in enumerate(nodes) if node.name.startswith(f"{sink}[")}
    assert before, [node.name for node in nodes]
    # Each stands after its inputs.
    for at in reversed(range(len(nodes))):
        before |= set(nodes[at].inputs) if at in before else set()
    found = [nodes[at] for at in before if operator in nodes[at].description]
    assert 1 == len(found), (operator, [nodes[at].description for at in sorted(before)])
    return found[0]
