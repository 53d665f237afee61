"""`compare`: two ways to ask one question, whether their plans differ, and which takes longer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Optional

import typer

from streamgauge import tuning, versions
from streamgauge.cells import ended, make_cell
from streamgauge.cli import options, running
from streamgauge.cli.running import Manner, Ran
from streamgauge.errors import UsageError, choose
from streamgauge.measure import baseline as measured
from streamgauge.measure import selfcheck
from streamgauge.measure.pairs import LEAST, Limits, Pair
from streamgauge.measure.side import Side
from streamgauge.measure.slowed import Slowed, slowed
from streamgauge.report import compare as report
from streamgauge.report.compare import Compared
from streamgauge.scenario import DIALECTS, MODES, UDF_DIALECTS, UDFS, Scenario
from streamgauge.tuning import DEFAULTS, TUNINGS

# Those that Flink has on every line.
_BACKENDS = ("hashmap", "rocksdb")
# What a name of an axis is called where it does not tell by itself what it is.
_LABELS = {"line": "Flink {}", "parallelism": "parallelism {}"}
_TWO = "One, or two to compare, such as {}."


def compare(
    scenario: str = typer.Argument(..., help="The id of a scenario, or its folder."),
    dialects: str = typer.Option("sql", help=_TWO.format("sql,table")),
    udfs: str = typer.Option("", help=_TWO.format("process,thread")),
    modes: str = typer.Option("streaming", help=_TWO.format("batch,streaming")),
    lines: str = typer.Option("", help=_TWO.format("1.20,2.3")),
    tunings: str = typer.Option(DEFAULTS, help=_TWO.format(f"'{DEFAULTS},conformance'")),
    backends: str = typer.Option("", help=_TWO.format("hashmap,rocksdb")),
    parallelisms: str = typer.Option("1", help=_TWO.format("1,2")),
    binding: str = typer.Option("", help="Such as files; default the scenario's first."),
    provider: str = options.PROVIDER,
    rows: Optional[int] = typer.Option(None, help="Events a source; default as many as take 1 s."),
    seed: int = typer.Option(0, help="Seed of the generated events."),
    rounds: int = typer.Option(400, help="At most so many rounds of both together."),
    minutes: float = typer.Option(5, help="At most so long."),
    patience: float = options.PATIENCE,
    save: Optional[Path] = typer.Option(
        None, help="Write what was measured there, as pytest-benchmark does: a baseline."
    ),
    baseline: Optional[Path] = typer.Option(None, help="Hold it against what was saved there."),
    fail_above: str = typer.Option("10%", help="Exit code 1 where a job takes so much longer."),
    self_check: bool = typer.Option(
        False, "--self-check", help="Compare one cell with itself, and tell what would be found."
    ),
    plant: str = typer.Option(
        "",
        "--planted",
        help="Compare one cell with itself, slowed down by this: such as 'busy loop:5%'.",
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Run two cells in turn, and tell in a sentence what differs.

    Exit code 1 where there is no number, or a job takes much longer than a baseline's.

    Exactly one of the options has two names with a comma between them.
    """
    options.check_least("--rows", rows)
    if rounds < LEAST:
        raise UsageError(f"--rounds {rounds}: of fewer than {LEAST} there is no number")
    if not 0 < minutes < math.inf:
        raise UsageError(f"--minutes {minutes:g}: more than 0, and not for ever")
    options.check_patience(patience)
    options.check_seed(seed)
    options.check_provider(provider)
    share = _share("--fail-above", fail_above)
    before = measured.read(baseline) if baseline else None
    found = _scenario(scenario)
    axes = {
        "dialect": dialects,
        "udf": udfs,
        "mode": modes,
        "line": lines,
        "tuning": tunings,
        "backend": backends,
        "parallelism": parallelisms,
    }
    names = {axis: told.split(",") for axis, told in axes.items()}
    both = (twice if self_check or plant else sides)(found, names, binding)
    slow = _slowed(plant, both[1]) if plant else None
    made, limits = partial(options.inputs, found, seed=seed), Limits(rounds, 60 * minutes)
    pair = Pair(both, made, rows, limits, whole=self_check, slowed=slow)
    ran = Ran(0)
    engines = 2 if "," in lines else 1
    manner = Manner(DEFAULTS, patience, quiet, engines=engines, timed=True, provider=provider)
    _run(pair, manner, ran, json_file)
    if not pair.told.is_number:
        raise typer.Exit(1)
    if self_check:
        raise typer.Exit(_checked(pair.told, limits))
    now = measured.content(pair.told, pair.sides, ran.records)
    options.write(now, save)
    raise typer.Exit(int(before is not None and _is_slower(now, before, share)))


def _checked(told: Compared, limits: Limits) -> int:
    """Tell what comparisons would find on this machine within the limits; 1 where too little."""
    most = min(limits.rounds, int(limits.seconds / told.pace))
    job, cpu = (selfcheck.checked(told.times(part), most) for part in ("job", "cpu"))
    typer.echo(f"{told.cells[0]}: {job}; in {most} rounds at most, {most * told.pace:.0f} s")
    typer.echo(f"By CPU time: {cpu}")
    return int(not job.ok)


def _is_slower(now: Mapping[str, Any], before: Mapping[str, Any], share: float) -> bool:
    """Tell each cell against the baseline; whether any takes more than so much longer."""
    held = measured.held(now, before)
    for each in held:
        typer.echo(each.sentence(share))
    return any(each.fails(share) for each in held)


def _slowed(text: str, side: Side) -> Slowed:
    """Of `busy loop:5%`; where nothing is said, 5 %."""
    kind, colon, share = text.partition(":")
    return slowed(side, kind, _share("--planted", share if colon else "5%"))


def _share(option: str, text: str) -> float:
    """Of `10%`, 0.1."""
    number = text.removesuffix("%").strip() if text.endswith("%") else ""
    if not number.isdigit():
        raise UsageError(f"{option} {text}: a whole number of percent, such as 10%")
    return int(number) / 100


def _run(pair: Pair, manner: Manner, ran: Ran, json_file: Path | None) -> None:
    def told() -> Mapping[str, Any]:
        report.tell(pair.told)
        return pair.told.data()

    runs = [side.run(pair.made(1), 1) for side in pair.sides]
    running.measure(runs, manner, ran, pair.compared, told, json_file)


def _scenario(name: str) -> Scenario:
    """The one of this name; what is wrong with it is a ScenarioError."""
    found = options.scenarios([name])
    if len(found) != 1:
        raise UsageError(f"{name} has {len(found)} scenarios: name one")
    return next(iter(found.values()))


def sides(scenario: Scenario, axes: Mapping[str, Sequence[str]], binding: str) -> tuple[Side, Side]:
    """The two that are named, with what tells them apart.

    A UsageError where they are not two, or one of them is not there.
    """
    several = [axis for axis, names in axes.items() if len(names) > 1]
    if len(several) != 1 or len(axes[several[0]]) != 2:  # noqa: PLR2004 - it says so
        raise UsageError("compare needs two names in one option, such as --dialects sql,table")
    first, second = (dict(zip(axes, names)) for names in product(*axes.values()))
    apart = several[0]
    return _side(scenario, first, apart, binding), _side(scenario, second, apart, binding)


def twice(scenario: Scenario, axes: Mapping[str, Sequence[str]], binding: str) -> tuple[Side, Side]:
    """One that is named, and itself; a UsageError where there are several, or it is not there."""
    if any(len(names) > 1 for names in axes.values()):
        raise UsageError("--self-check and --planted are of one cell: one name an option")
    names = {axis: name for axis, (name,) in axes.items()}
    side = _side(scenario, names, "dialect", binding)
    return side, side


def _side(scenario: Scenario, names: Mapping[str, str], apart: str, binding: str) -> Side:
    choose("dialect", names["dialect"], DIALECTS)
    choose("mode", names["mode"], MODES)
    choose("tuning", names["tuning"], TUNINGS)
    choose("state backend", names["backend"], ("", *_BACKENDS))
    _check_udf(scenario, names["udf"], names["dialect"])
    binding = choose("binding", binding or scenario.bindings[0], scenario.bindings)
    line = versions.chosen([names["line"]] if names["line"] else None)[0]
    axes = names["dialect"], names["mode"], binding, line, names["udf"] or None
    cell = ended(make_cell(scenario, *axes))
    told = tuning.tells(names["tuning"], cell)
    if apart == "tuning" and names["tuning"] != DEFAULTS and not told:
        raise UsageError(f"{cell.id} has no Python in it, which this tuning is for")
    backend = {"state.backend.type": names["backend"]} if names["backend"] else {}
    settings = tuple({**told, **backend}.items())
    label = _LABELS.get(apart, "{}").format(names[apart])
    return Side(label, cell, _number(names["parallelism"]), settings)


def _check_udf(scenario: Scenario, udf: str, dialect: str) -> None:
    if udf and choose("udf", udf, UDFS) not in scenario.udfs:
        raise UsageError(f"{scenario.id} calls no Python functions as {udf}")
    if udf and dialect not in UDF_DIALECTS:
        raise UsageError(f"{dialect} is Python throughout: --udfs is for sql and table")


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--parallelisms {text}: a number of tasks, at least 1")
    return int(text)
