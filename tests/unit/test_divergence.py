"""A known difference is no failure, and no pass; one that is not needed is a failure."""

import shutil
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone

import pytest

from streamgauge import cells, versions
from streamgauge.cells import make_cell
from streamgauge.discovery import load
from streamgauge.divergence import Divergence, Judged, judged
from streamgauge.errors import JobError, UsageError
from streamgauge.lifecycle import LIFECYCLES, restart
from streamgauge.records import Record
from streamgauge.run import Outcome
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from tests.unit.test_discovery import CHECKOUT, jobs  # noqa: F401
from tests.unit.world import COPIED, NOON, ROWS, TOO_MANY, World, copying

DAY = date(2026, 11, 26)
WRONG = Divergence("fail", "FLINK-1", DAY, cause=r"copies: missing \d", lines="2.0-2.2")
BROKEN = replace(WRONG, expects="unknown", cause="no session windows")
REFUSED = replace(BROKEN, expects="refused")
MISSING = Divergence("absent", "FLINK-2", DAY, reason="no such function", lines="<=2.0")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """What these sinks get grows each time that they are asked, for as long as one waits."""
    monkeypatch.setattr("streamgauge.verify._GROWN_SECONDS", 0.05)


@dataclass
class Told:
    verdict: str = "fail"
    reason: str = "copies: missing 3: (1,)"
    line: str = "2.2"
    dialect: str = "sql"
    udf: str = ""
    mode: str = "batch"
    binding: str = "files"
    lifecycle: str = "once"
    path: list = field(default_factory=list)
    way: str = ""
    marks: list = field(default_factory=lambda: [{"mark": "prepare"}, {"mark": "submit"}])


def test_a_known_difference_is_no_failure():
    """It is told with what is known of it, and is no pass either."""
    told = "fail as is known until 2026-11-26: FLINK-1: copies: missing 3: (1,)"

    assert Judged("absent", told, "FLINK-1") == judged(Told(), [WRONG], DAY)


@pytest.mark.parametrize("known", [BROKEN, REFUSED])
def test_a_job_that_is_refused_for_a_known_cause_is_no_failure(known):
    """Whoever said more of it than that it is unknown said that it was at planning."""
    record = Told("unknown", "TableException: no session windows in batch")

    assert ("absent", "FLINK-1") == judged(record, [WRONG, known], DAY)[::2]


def test_a_job_that_ran_was_not_refused():
    """It is told as what it is, though the words are the same."""
    record = Told("unknown", "no session windows")
    record.marks.append({"mark": "job"})

    assert ("unknown", "") == judged(record, [REFUSED], DAY)[::2]
    assert ("absent", "FLINK-1") == judged(record, [BROKEN], DAY)[::2]


@pytest.mark.parametrize("known", [WRONG, BROKEN, REFUSED])
def test_one_that_is_not_needed_any_more_fails(known):
    """Somebody has mended it: the divergence can go."""
    record = Told("pass", "")

    assert Judged("fail", "divergence not needed any more: FLINK-1") == judged(record, [known], DAY)


@pytest.mark.parametrize("record", [Told(), Told("pass", "")])
def test_what_a_way_makes_of_it_is_told_as_it_is(record):
    """It is tried to see whether it helps."""
    tried = replace(record, way="with RocksDB")

    assert Judged(record.verdict, record.reason) == judged(tried, [WRONG], DAY)


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
        {"udf": "process"},
        {"mode": "streaming"},
        {"binding": "kafka"},
        {"lifecycle": "restart"},
    ],
)
def test_other_cells_are_left_alone(axes):
    """Each axis counts, and lines by their number."""
    one = {"dialects": ("sql",), "modes": ("batch",), "bindings": ("files",)}
    known = replace(WRONG, **one, udfs=("thread",), lifecycles=("once",))
    record = replace(Told(udf="thread"), **axes)

    assert Judged("fail", record.reason) == judged(record, [known], DAY)
    assert Judged("fail", "no") == judged(Told(reason="no"), [], DAY)


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        (["1.20", "2.2"], True),
        (["1.19", "1.20", "2.2"], True),
        (["2.1", "2.2"], False),
        (["1.20", "2.1", "2.2"], False),
        (["2.2"], False),
    ],
)
def test_state_of_another_baseline_is_another_matter(path, taken):
    """What counts is the line that the savepoint was taken on."""
    known = replace(BROKEN, lifecycles=("upgrade",), baselines="<=1.20")
    record = Told("unknown", "no session windows", lifecycle="upgrade", path=path)

    assert ("absent" if taken else "unknown") == judged(record, [known], DAY).verdict


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ("", ["1.19", "1.20", "2.0", "2.1", "2.2", "2.3"]),
        ("2.1", ["2.1"]),
        ("2.0-2.2", ["2.0", "2.1", "2.2"]),
        ("<=1.20", ["1.19", "1.20"]),
        (">=2.2", ["2.2", "2.3"]),
    ],
)
def test_lines_are_a_range(lines, taken):
    """In the order of versions.toml, not of text: 1.9 would come before 1.19."""
    known = replace(WRONG, lines=lines)

    assert taken == [line for line in versions.lines() if known.takes(replace(Told(), line=line))]


def test_absent_cells_stay_absent():
    """There is nothing to diverge."""
    assert Judged("absent", "why") == judged(Told("absent", "why"), [WRONG], DAY)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"expects": "pass"}, "unknown divergence 'pass'"),
        ({"cause": ""}, "FLINK-1: fail needs cause alone, and has nothing"),
        ({"cause": "("}, "FLINK-1: missing \\)"),
        ({"issue": ""}, "a divergence needs an issue"),
        ({"answers": dict}, "fail needs cause alone, and has cause and answers"),
        ({"expects": "another"}, "another needs answers alone, and has cause"),
        ({"expects": "absent"}, "absent needs reason alone, and has cause"),
        (
            {"expects": "refused", "reason": "no"},
            "refused needs cause alone, and has cause and reason",
        ),
        ({"lines": "2.0-"}, r"FLINK-1: lines '2\.0-' are no range, such as 2\.3, 1\.19-2\.3"),
        ({"lines": "==2.0"}, "are no range"),
        ({"lines": ">= 2.0"}, "are no range"),
        ({"lines": "<=2.0 or so"}, "are no range"),
        ({"lines": "1.19,2.0"}, "are no range"),
        ({"lines": "2.0-2.1-2.2"}, "are no range"),
        ({"lines": "2"}, "are no range"),
        ({"lines": "2.2-2.0"}, r"FLINK-1: no line is in '2\.2-2\.0'"),
        ({"lines": ">=2.9"}, r"FLINK-1: unknown Flink line '2\.9' \(did you mean"),
        ({"lines": "1.18-2.0"}, r"unknown Flink line '1\.18' \(did you mean 1\.19"),
        ({"lines": "2.0.2"}, "are no range"),
        ({"lines": ("2.0",)}, "are no range"),
    ],
)
def test_a_divergence_that_says_nothing_is_refused(damage, told):
    """When it is made."""
    with pytest.raises(UsageError, match=told):
        replace(WRONG, **damage)


def test_it_tells_where_it_is():
    """In a line of `list`."""
    somewhere = replace(WRONG, dialects=("sql", "table"), lifecycles=("restart",))

    assert "fail in Flink 2.0-2.2, as is known until 2026-11-26: FLINK-1" == str(WRONG)
    assert str(somewhere).startswith("fail in sql or table and restart and Flink 2.0-2.2, as")
    assert str(replace(WRONG, lines="")).startswith("fail, as is known until")


def test_an_absent_one_has_no_lifecycle():
    """A cell is there or not, whatever it would go through."""
    with pytest.raises(UsageError, match="FLINK-2: what is absent is so in each lifecycle"):
        replace(MISSING, lifecycles=("restart",))


@pytest.mark.parametrize(
    ("line", "day", "told"),
    [
        ("1.19", DAY, "no such function, as is known until 2026-11-26: FLINK-2"),
        ("2.0", DAY, "no such function, as is known until 2026-11-26: FLINK-2"),
        ("2.1", DAY, None),
        # It runs again, to be told what is to be done.
        ("2.0", date(2026, 11, 27), None),
    ],
)
def test_a_cell_is_absent_on_the_lines_of_a_range(monkeypatch, line, day, told):
    """With its reason, until the divergence has expired."""
    monkeypatch.setattr(cells, "_today", lambda: day)
    scenario = copying(divergences=(MISSING,))
    cell = make_cell(scenario, "sql", "batch", "files", versions.line(line))

    assert told == cell.absent


def test_an_absent_one_that_has_expired_fails():
    """The cell has run, whatever it came to."""
    expired = judged(Told("pass", line="2.0"), [MISSING], date(2026, 11, 27))

    assert Judged("fail", "divergence expired on 2026-11-26: FLINK-2") == expired


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


@pytest.mark.parametrize("name", [*LIFECYCLES, "upgrade"])
def test_each_lifecycle_may_differ(jobs, name):  # noqa: F811
    """That of an upgrade too, whose refusals may be known."""
    file = jobs / "word_count" / "scenario.py"
    begun, _, rest = file.read_text().partition("lifecycles=")
    file.write_text(f'{begun}lifecycles=("{name}",){rest[rest.index(")") + 1 :]}')

    assert [(name,)] == [each.lifecycles for each in load(jobs / "word_count").divergences]


@pytest.mark.parametrize(
    ("axes", "there"),
    [
        ('bindings=("hive",), lines="<=1.20"', True),
        ('bindings=("hive",), lines=">=2.0"', False),
        ('dialects=("process",)', False),
        ('bindings=("kafka",)', False),
    ],
)
def test_of_cells_that_are_not_there_is_refused(jobs, axes, there):  # noqa: F811
    """Needed on no line: a connector, a dialect or a binding that is absent is so already."""
    shutil.copytree(CHECKOUT / "jobs" / "log_sync", jobs / "log_sync", dirs_exist_ok=True)
    file = jobs / "log_sync" / "scenario.py"
    text = file.read_text()
    made = (
        f'divergences=(Divergence("absent", "FLINK-3", date(2027, 1, 1), reason="gone", {axes}),),'
    )
    file.write_text(f"{text.partition('    divergences=')[0]}{made})")

    with nullcontext() if there else pytest.raises(UsageError, match="FLINK-3: is about no cell"):
        load(jobs / "log_sync")


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


@pytest.mark.parametrize(("at", "verdict"), [("build", "absent"), ("check_alive", "unknown")])
def test_a_refusal_is_of_the_planner(monkeypatch, tmp_path, at, verdict):
    """A job that runs and then ends for the same cause was not refused."""

    def refuse(*_, **__):
        raise JobError("no session windows")

    world = World(tmp_path, COPIED[:2], COPIED)
    monkeypatch.setattr(world, at, refuse)
    refused = known(expects="refused", cause="no session")

    assert verdict == world.run(monkeypatch, divergences=(refused,)).record.verdict


def test_a_right_cell_is_judged(monkeypatch, tmp_path):
    """It is strict."""
    life = restart("plain")
    divergences = (known(lifecycles=("restart",)),)
    once = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch, divergences=divergences)
    restarted = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch, life, divergences=divergences)

    assert ("pass", "fail") == (once.record.verdict, restarted.record.verdict)
    assert "divergence not needed any more: FLINK-1" == restarted.record.reason


def test_another_answer_is_right(monkeypatch, tmp_path):
    """And no third, nor the scenario's own: then the divergence is not needed any more."""

    def answers(inputs):
        rows = inputs["events"]
        return {"copies": [*rows, (NOON, 99)] if len(rows) == len(ROWS) else rows}

    another = known(expects="another", cause="", answers=answers)
    ghost = [*TOO_MANY, Change("+I", (NOON, 98))]
    seen = [
        World(tmp_path, COPIED[:2], contents, patience=0.1).run(monkeypatch, divergences=(another,))
        for contents in (TOO_MANY, COPIED, ghost)
    ]

    assert ["pass", "fail", "fail"] == [outcome.record.verdict for outcome in seen]
    assert ["FLINK-1", "", ""] == [outcome.record.divergence for outcome in seen]
    assert "(not as is known: FLINK-1)" in seen[1].record.reason
    assert_matches({"copies": ROWS}, seen[0])


def test_a_pass_without_a_divergence_needs_the_rows():
    """As ever."""
    record = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass")
    with pytest.raises(AssertionError):
        assert_matches({"copies": ROWS}, Outcome(record, {"copies": []}))
