"""A known difference is no failure, and no pass; one that is not needed is a failure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

import pytest

from streamgauge.discovery import load
from streamgauge.divergence import Divergence, Judged, judged
from streamgauge.errors import UsageError
from streamgauge.lifecycle import restart
from streamgauge.records import Record
from streamgauge.run import Outcome
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from tests.unit.test_discovery import CHECKOUT, jobs  # noqa: F401
from tests.unit.world import COPIED, NOON, ROWS, TOO_MANY, World, copying

DAY = date(2026, 11, 26)
WRONG = Divergence(
    "fail", "FLINK-1", DAY, cause=r"copies: missing \d", lines=(">=2.0,<2.3", "1.19")
)
REFUSED = replace(WRONG, expects="unknown", cause="no session windows")


@dataclass
class Told:
    verdict: str = "fail"
    reason: str = "copies: missing 3: (1,)"
    line: str = "2.2"
    dialect: str = "sql"
    mode: str = "batch"
    binding: str = "files"
    lifecycle: str = "once"


def test_a_known_difference_is_no_failure():
    """It is told with what is known of it, and is no pass either."""
    told = "fail as is known until 2026-11-26: FLINK-1: copies: missing 3: (1,)"

    assert Judged("absent", told, "FLINK-1") == judged(Told(), [WRONG], DAY)


def test_a_job_that_is_refused_for_a_known_cause_is_no_failure():
    """Such as at planning."""
    record = Told("unknown", "TableException: no session windows in batch")

    assert ("absent", "FLINK-1") == judged(record, [WRONG, REFUSED], DAY)[::2]


@pytest.mark.parametrize("known", [WRONG, REFUSED])
def test_one_that_is_not_needed_any_more_fails(known):
    """Somebody has mended it: the divergence can go."""
    record = Told("pass", "")

    assert Judged("fail", "divergence not needed any more: FLINK-1") == judged(record, [known], DAY)


def test_one_that_has_expired_fails():
    """Whatever the record was: somebody has to look."""
    for record in (Told(), Told("pass")):
        judgement = judged(record, [WRONG], date(2026, 11, 27))

        assert Judged("fail", "divergence expired on 2026-11-26: FLINK-1") == judgement


@pytest.mark.parametrize(
    "record", [Told("fail", "copies: extra 3"), Told("unknown", "copies: missing 3")]
)
def test_another_difference_is_told_as_it_is(record):
    """What is known excuses nothing else."""
    reason = f"{record.reason} (not as is known: FLINK-1)"

    assert Judged(record.verdict, reason) == judged(record, [WRONG], DAY)


@pytest.mark.parametrize(
    "axes",
    [
        {"line": "2.3"},
        {"line": "1.20"},
        {"dialect": "table"},
        {"mode": "streaming"},
        {"binding": "kafka"},
        {"lifecycle": "restart"},
    ],
)
def test_other_cells_are_left_alone(axes):
    """Each axis counts, and lines by their number."""
    known = replace(
        WRONG, dialects=("sql",), modes=("batch",), bindings=("files",), lifecycles=("once",)
    )
    record = replace(Told(), **axes)

    assert Judged("fail", record.reason) == judged(record, [known], DAY)
    assert Judged("fail", "no") == judged(Told(reason="no"), [], DAY)


@pytest.mark.parametrize("line", ["1.19", "2.0", "2.2"])
def test_lines_by_name_and_by_range(line):
    """Of one or of several."""
    assert "absent" == judged(replace(Told(), line=line), [WRONG], DAY).verdict


def test_absent_cells_stay_absent():
    """There is nothing to diverge."""
    assert Judged("absent", "why") == judged(Told("absent", "why"), [WRONG], DAY)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"expects": "pass"}, "unknown divergence 'pass'"),
        ({"cause": ""}, "FLINK-1: a cause goes with fail and unknown"),
        ({"cause": "("}, "FLINK-1: missing \\)"),
        ({"issue": ""}, "a divergence needs an issue"),
        ({"lines": (">=x",)}, "FLINK-1: Invalid specifier"),
        ({"answers": dict}, "FLINK-1: answers go with either alone"),
        ({"expects": "either"}, "FLINK-1: answers go with either alone"),
    ],
)
def test_a_divergence_that_says_nothing_is_refused(damage, told):
    """When it is made."""
    with pytest.raises(UsageError, match=told):
        replace(WRONG, **damage)


@pytest.mark.parametrize(
    ("axis", "told"),
    [
        ({"dialects": ("sqll",)}, r"unknown dialect 'sqll' \(did you mean sql\?\)"),
        ({"modes": ("bach",)}, "unknown mode 'bach'"),
    ],
)
def test_of_axes_that_are_not_there_is_refused(axis, told):
    """It would never be met, nor be missed."""
    with pytest.raises(UsageError, match=told):
        copying(divergences=(replace(WRONG, **axis),))


@pytest.mark.parametrize(
    ("axis", "told"), [("bindings", "binding 'x'"), ("lifecycles", "lifecycle 'x'")]
)
def test_of_other_axes_that_are_not_there_is_refused(jobs, axis, told):  # noqa: F811
    """Discovery knows them."""
    file = jobs / "word_count" / "scenario.py"
    text = file.read_text()
    begun, _, rest = text.partition("lifecycles=")
    file.write_text(f'{begun}{axis}=("x",),{rest.partition("),")[2]}')

    with pytest.raises(UsageError, match=f"unknown {told}"):
        load(jobs / "word_count")


def known(**more):
    day = datetime.now(timezone.utc).date()
    usual = {"expects": "fail", "cause": "copies: extra 1"}
    return Divergence(issue="FLINK-1", expires=day, **{**usual, **more})


def test_a_cell_is_judged(monkeypatch, tmp_path):
    """By command line and pytest alike, where a record has its verdict."""
    outcome = World(tmp_path, COPIED[:2], TOO_MANY).run(monkeypatch, divergences=(known(),))

    assert ("absent", "FLINK-1") == (outcome.record.verdict, outcome.record.divergence)
    with pytest.raises(pytest.xfail.Exception, match="FLINK-1"):
        assert_matches({"copies": ROWS}, outcome)


def test_a_right_cell_is_judged(monkeypatch, tmp_path):
    """It is strict."""
    life = restart("plain")
    divergences = (known(lifecycles=("restart",)),)
    once = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch, divergences=divergences)
    restarted = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch, life, divergences=divergences)

    assert ("pass", "fail") == (once.record.verdict, restarted.record.verdict)
    assert "divergence not needed any more: FLINK-1" == restarted.record.reason


def test_either_of_two_answers_is_right(monkeypatch, tmp_path):
    """And no third."""

    def answers(inputs):
        return {"copies": [*inputs["events"], (NOON, 99)]}

    either = known(expects="either", cause="", answers=answers)
    ghost = [*TOO_MANY, Change("+I", (NOON, 98))]
    seen = [
        World(tmp_path, COPIED[:2], contents, patience=0.1).run(monkeypatch, divergences=(either,))
        for contents in (COPIED, TOO_MANY, ghost)
    ]

    assert ["pass", "pass", "fail"] == [outcome.record.verdict for outcome in seen]
    assert ["FLINK-1", "FLINK-1", ""] == [outcome.record.divergence for outcome in seen]
    assert_matches({"copies": ROWS}, seen[1])


def test_a_pass_without_a_divergence_needs_the_rows():
    """As ever."""
    record = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass")
    with pytest.raises(AssertionError):
        assert_matches({"copies": ROWS}, Outcome(record, {"copies": []}))
