"""`services tidy` removes what dead runs left, and leaves what may be somebody else's."""

from datetime import datetime, timedelta, timezone

import pytest

from streamgauge.providers import external, shared, sweep, tidy
from streamgauge.providers.sweep import _Kept
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import name_of, workspace

OURS, THEIRS = "20240101-120000-00ff00", "20240101-120000-0000ff"
KAFKA = Endpoint("broker", 9092, "ada", "secret")


@pytest.fixture
def topics(tmp_path, monkeypatch):
    """What there is in Kafka, and which runs are noted as of this folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMGAUGE_KAFKA", "kafka://broker:9092")
    there = ["words", "sg_mine", f"{name_of(OURS, 1)}-words", f"{name_of(THEIRS, 1)}-words"]

    def remove(_, topic):
        there.remove(topic)

    monkeypatch.setattr(sweep, "_KEPT", (_Kept("kafka", "topic", lambda _: list(there), remove),))
    external.note(OURS)
    return there


def states(told):
    return {each.name: each.state for each in told}


def tidied(provider="external", older=None, *, dry=False):
    return states(tidy.tidied(provider, older, dry=dry))


def test_runs_of_other_folders_are_left_alone(topics):
    """Nobody here knows whether they live; what has no run's name is not even told."""
    assert {
        f"{name_of(OURS, 1)}-words": "removed",
        f"{name_of(THEIRS, 1)}-words": "of another folder's run: --older-than HOURS removes it",
    } == tidied()
    assert ["words", "sg_mine", f"{name_of(THEIRS, 1)}-words"] == topics


def test_runs_that_began_long_ago_go(topics):
    """Of whatever folder, where that is asked for."""
    assert {"removed"} == set(tidied(older=timedelta(hours=24)).values())
    assert ["words", "sg_mine"] == topics


def test_young_runs_of_other_folders_stay(topics):
    """They may live."""
    now = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    topics[:] = [name_of(f"{now}-0000ff", 1)]

    assert tidied(older=timedelta(hours=24))[topics[0]].startswith("of another")


def test_what_a_living_run_has_stays(topics):
    """However old it is said to be."""
    with workspace() as space:
        external.note(space.id)
        topics[:] = [name_of(space.id, 1)]

        assert {topics[0]: "of a run that lives"} == tidied(older=timedelta(0))


def test_dry_run_removes_nothing(topics):
    """It says what would go."""
    before = list(topics)

    assert "to be removed" == tidied(dry=True)[f"{name_of(OURS, 1)}-words"]
    assert before == topics


def test_services_of_this_folder_are_nobody_else_s(topics, monkeypatch):
    """What `services up` left: there all runs are ours."""
    up = {"kafka": Service("kafka", KAFKA, lambda _: True)}
    monkeypatch.setattr(shared, "services", lambda: up)

    assert {"removed"} == set(tidied("local").values())


def test_what_cannot_be_removed_is_told(topics, monkeypatch):
    """In a line, without a password; the others go."""
    monkeypatch.setenv("STREAMGAUGE_KAFKA", "kafka://ada:secret@broker:9092")

    def remove(_, topic):
        raise RuntimeError(f"no:\n {topic} secret")

    monkeypatch.setattr(sweep, "_KEPT", (sweep._KEPT[0]._replace(remove=remove),))
    told = list(tidy.tidied("external", timedelta(0), dry=False))

    assert all(each.failed for each in told)
    assert f"not removed: no: {name_of(OURS, 1)}-words ******" == told[0].state


def test_service_that_does_not_answer_is_told(topics, monkeypatch):
    """By its address."""

    def names(_):
        raise OSError("no answer")

    monkeypatch.setattr(sweep, "_KEPT", (sweep._KEPT[0]._replace(names=names),))

    assert {"broker:9092": "not removed: no answer"} == tidied()
