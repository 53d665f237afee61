"""`run`: cells, their verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

import typer

from streamgauge import corners, verdicts, versions
from streamgauge.attachments.place import AT_LEAST_ONCE, DELIVERIES
from streamgauge.cells import Filter, cells, delivered
from streamgauge.cli import joining, options, running
from streamgauge.cli import watch as watching
from streamgauge.cli.running import Manner, Ran
from streamgauge.clusters.session import SLOTS
from streamgauge.discovery import Scenarios, discover
from streamgauge.errors import UsageError, choose
from streamgauge.lifecycle import LIFECYCLES, Shape
from streamgauge.providers.chosen import CONTAINERS, LOCAL
from streamgauge.records import Record, as_data
from streamgauge.run import Run
from streamgauge.scenario import Scenario
from streamgauge.thorough import ONCE, Asked, chosen
from streamgauge.tuning import CONFORMANCE, TUNINGS, given
from streamgauge.zones import UTC, check_name

_NOT_PLAIN = (
    "--quick, --lifecycle, --delivery, --tuning, --set, --zone, --cluster, --cut, --parallelism,"
    " --times and other connectors"
)


def run(
    scenarios: options.Names = options.SCENARIOS,
    dialect: options.Names = options.DIALECT,
    udf: options.Names = options.UDF,
    mode: options.Names = options.MODE,
    binding: options.Names = options.BINDING,
    flink: options.Names = options.FLINK,
    lifecycle: Optional[str] = typer.Option(
        None,
        help=f"What a job goes through: {', '.join(LIFECYCLES)}. Without: input without an end is"
        " stopped with a savepoint at half of it and restored, from one task to two where that"
        " can be; other input goes through once.",
    ),
    quick: bool = typer.Option(False, "--quick", help="Restart no job: --lifecycle once."),
    delivery: str = options.DELIVERY,
    tuning: str = typer.Option(CONFORMANCE, help=f"Settings by name: {', '.join(TUNINGS)}."),
    told: options.Names = typer.Option(
        None, "--set", help="A Flink setting of the jobs, key=value; may be repeated."
    ),
    zone: str = typer.Option(UTC, help="Zone of sessions, JVMs and MySQL, such as Asia/Shanghai."),
    provider: str = options.PROVIDER,
    keep: bool = typer.Option(False, "--keep", help="Leave containers up, and say where they are."),
    cluster: str = joining.CLUSTER,
    rest: Optional[str] = joining.REST,
    ship_environment: bool = joining.SHIPS,
    rows: Optional[int] = options.ROWS,
    seed: Optional[int] = options.SEED,
    patience: float = options.PATIENCE,
    parallelism: Optional[int] = typer.Option(None, help="Tasks of each operator; default 1."),
    cut: Optional[float] = typer.Option(
        None, help="Share (0..1) of rows without an end fed before the others; default 0.5."
    ),
    times: int = typer.Option(1, help="Run each cell so many times, and show the spread."),
    fail_fast: bool = typer.Option(False, "--fail-fast", help="End after a fail or unknown."),
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    absent: bool = options.ABSENT,
    note: bool = typer.Option(False, help="Note the verdicts, for `list` to show."),
    json_file: Optional[Path] = options.JSON,
    watch: bool = typer.Option(False, "--watch", help="Run the cells of what is saved, each time."),
) -> None:
    """Run cells and print their verdicts; exit code 1 on a fail or unknown.

    A plain run draws rows; where a lifecycle is named, and neither --rows nor --seed, a scenario
    with a shipped sample runs over that.
    """
    life = Asked(_lifecycle(lifecycle, quick=quick), Shape(cut, parallelism))
    # A sample is few rows, and kind ones.
    drawn = seed if life.lifecycle else seed or 0
    choose("tuning", tuning, TUNINGS)
    choose("delivery", delivery, DELIVERIES)
    settings = given(told or ())
    usual: tuple[object, ...] = (Asked(), AT_LEAST_ONCE, CONFORMANCE, {}, 1, joining.SESSION)
    asked = (life, delivery, tuning, settings, times, cluster)
    plain = asked == usual and zone == UTC
    if note and not (plain and all(map(versions.declares, flink or ()))):
        raise UsageError(f"--note notes what a plain run finds: without {_NOT_PLAIN}")
    if watch and (note or json_file or times > 1):
        raise UsageError("--watch has no end to tell of: without --note, --json and --times")
    options.check_least("--rows", rows)
    options.check_least("--parallelism", parallelism)
    options.check_least("--times", times)
    _check_cut(cut)
    options.check_patience(patience)
    options.check_seed(seed)
    options.check_provider(provider)
    _check_zone(zone, ours=(cluster, provider) == (joining.SESSION, LOCAL))
    if keep and provider != CONTAINERS:
        raise UsageError(f"--keep leaves containers up: with --provider {CONTAINERS} alone")
    lines = versions.chosen(flink)
    there = joining.joined(cluster, rest, lines, parallelism or 1, ships=ship_environment)
    slots = there.slots if there else SLOTS
    manner = Manner(
        tuning,
        patience,
        quiet,
        fail_fast,
        provider=provider,
        cluster=there,
        whole=joining.whole(cluster, provider),
        keep=keep,
        zone=zone,
    )
    axes = Filter(dialect or (), mode or (), binding or (), udf or ())

    def plan(found: Scenarios) -> list[Run]:
        asked = [_set(scenario, settings) for scenario in found.values()]
        wanted = [delivered(cell, delivery) for cell in cells(asked, lines, axes)]
        inputs = {s.id: options.inputs(s, rows, drawn) for s in found.values()}
        asking = [chosen(cell, *inputs[cell.scenario.id], life, slots) for cell in wanted]
        cornered = corners.runs(wanted, drawn or 0, life, rows)
        # A cluster is up for one line at a time.
        return sorted([*asking, *cornered], key=lambda run: lines.index(run.cell.line))

    if watch:
        watching.watch(scenarios, plan, manner, absent=absent)
        return
    known = options.scenarios(scenarios)
    runs = [again for run in plan(known) for again in _repeated(run, times)]
    ran = Ran(len(runs), again=times > 1)
    try:
        running.run_all(runs, manner, ran)
    finally:
        # However it ended: with Ctrl-C, or a full disk.
        if ran.kept:
            ran.tell(absent=absent)
            options.write([as_data(record) for record in ran.records], json_file)
    for scenario in known.values() if note else ():
        verdicts.note(scenario, ran.records)
    broken = options.tell_broken(known)
    raise typer.Exit(_exit_code(ran.records) or int(broken))


def first() -> list[str]:
    """The scenarios to see first, and the broken ones, which may be among them; none means all."""
    found = discover()
    ids = [scenario.id for scenario in found.values() if scenario.first]
    return [*ids, *found.broken] if ids else []


def _lifecycle(name: str | None, *, quick: bool) -> str | None:
    """By its name; None for what a plain run goes through."""
    if quick and name:
        raise UsageError("--quick is --lifecycle once: give one of them")
    return choose("lifecycle", name, LIFECYCLES) if name else ONCE if quick else None


def _set(scenario: Scenario, settings: Mapping[str, str]) -> Scenario:
    """With these settings over its own."""
    return replace(scenario, settings={**scenario.settings, **settings})


def _repeated(run: Run, times: int) -> list[Run]:
    """So many of it; one where it does not run."""
    runs = 1 if run.cell.absent or run.broken else times
    return [replace(run, number=number) for number in range(1, runs + 1)]


def _check_cut(share: float | None) -> None:
    """NaN is none either."""
    if share is not None and not 0 <= share <= 1:
        raise UsageError(f"--cut {share:g}: a share, 0 to 1")


def _check_zone(zone: str, *, ours: bool) -> None:
    """What a run does not start itself has a zone already."""
    if zone == UTC:
        return
    check_name("--zone", zone)
    if not ours:
        raise UsageError(
            f"--zone {zone}: of what a run starts itself:"
            f" with --cluster {joining.SESSION} and --provider {LOCAL}"
        )


def _exit_code(done: Sequence[Record]) -> int:
    """A run in which nothing ran proves nothing."""
    verdicts = {record.verdict for record in done}
    return 0 if verdicts <= {"pass", "absent"} and "pass" in verdicts else 1
