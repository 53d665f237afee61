"""What dead runs left in shared services is known by its name, and nothing else is touched."""

import pytest

from streamgauge import paths
from streamgauge.providers import sweep
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import left_here, workspace

ENDPOINT = Endpoint("127.0.0.1", 1, "", "")
GONE = "sg_20240101_120000_00ff00_1"


@pytest.fixture
def living(tmp_path, monkeypatch):
    """The beginning of the names of a run that lives."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        yield f"sg_{space.id.replace('-', '_')}"


@pytest.mark.parametrize(
    "name",
    [
        GONE,
        f"{GONE}-words",
        f"{GONE}_from",
        f"{GONE}.history",
        f"{GONE}.{GONE}_from.orders",
        "sg_20240101_120000_00ff00_123",
    ],
)
def test_name_of_a_run_that_is_no_more(living, name):
    """As topics, databases and connectors have it; its folder may have gone since."""
    assert sweep.of_dead_run(name)
    folder = paths.state() / "runs" / "20240101-120000-00ff00"
    folder.mkdir(parents=True)
    assert sweep.of_dead_run(name)


@pytest.mark.parametrize(
    "name",
    [
        "words",
        "sg_",
        "sg_mine",
        "sg_20240101_120000_00ff00",
        "sg_20240101_120000_00ff00_",
        "sg_20240101_120000_00ff00_1x",
        "sg_20240101_120000_00FF00_1",
        "my_sg_20240101_120000_00ff00_1",
        "__consumer_offsets",
    ],
)
def test_other_names_are_nobody_s_to_remove(living, name):
    """Whoever gave them."""
    assert not sweep.of_dead_run(name)


def test_what_a_living_run_has_stays(living):
    """Until it is dead."""
    assert not sweep.of_dead_run(f"{living}_1-words")
    assert not sweep.of_dead_run(f"{living}_12_to")


def test_what_cannot_be_removed_is_told_and_keeps_no_other(living, monkeypatch, caplog):
    """Connectors go first, whatever their names; a service that does not answer is passed over."""
    removed = []

    def kept(service, names):
        def remove(_, name):
            if name.endswith("-stays"):
                raise OSError("busy")
            removed.append((service, name))

        return sweep._Kept(service, "thing", lambda _: names, remove)

    def silent(_):
        raise OSError("does not answer")

    services = [
        kept("connect", [GONE, "mine"]),
        sweep._Kept("mysql", "thing", silent, silent),
        kept("kafka", [f"{GONE}-stays", f"{living}_1-words", f"{GONE}-words"]),
        kept("metastore", [GONE]),
    ]
    monkeypatch.setattr(sweep, "_KEPT", services)
    sweep.sweep(dict.fromkeys(("kafka", "connect", "mysql"), ENDPOINT))

    assert [("connect", GONE), ("kafka", f"{GONE}-words")] == removed
    assert [
        "mysql: not all that runs left is removed: does not answer",
        "kafka: not all that runs left is removed: busy",
    ] == caplog.messages


def test_connectors_are_removed_first():
    """They would write to topics that are gone."""
    assert "connect" == sweep._KEPT[0].service


def test_where_others_have_runs_a_name_alone_is_not_enough(living):
    """A run is known to be dead by its folder, and that of somebody else is elsewhere."""
    assert not left_here(GONE)
    assert not left_here(f"{living}_1")
    (paths.state() / "runs" / "20240101-120000-00ff00").mkdir(parents=True)
    assert left_here(GONE)
