"""Properties of whole jobs: generated inputs, many drawn cases in one job."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import itemgetter
from random import Random

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from generators.features import DISORDER
from streamgauge.bindings import KINDS
from streamgauge.discovery import discover
from streamgauge.lifecycle import once, restart
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from tests.drawn import hostile_inputs, hostile_texts, joined

FEW = 150
SCENARIOS = discover()
# Of the bindings of a scenario, the first of these: what has no end, and is quick.
UNBOUNDED = {
    name: next(b for b in ("debezium", "kafka", "parquet") if b in scenario.bindings)
    for name, scenario in SCENARIOS.items()
}
DIALECTS = [(s.id, dialect) for s in SCENARIOS.values() for dialect in s.dialects]
# What they keep is lost, kind by kind, in tests of their own.
_OF_STATE = ("state_zoo", "open_windows")
# Tables keep what SQL keeps: they are planned alike.
_ALIKE = "table"
RESTORED = [
    pytest.param(
        name,
        dialect,
        marks=[pytest.mark.every_state] if name in _OF_STATE or dialect == _ALIKE else [],
    )
    for name, dialect in DIALECTS
]
BATCHES = [
    pytest.param(name, dialect, marks=[pytest.mark.every_state] if dialect == _ALIKE else [])
    for name, dialect in DIALECTS
    if "batch" not in {**SCENARIOS[name].absent, **KINDS[UNBOUNDED[name]].absent}
]
EPOCH = datetime(2024, 2, 29, 23, 59)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

# An example is a job or two, of seconds: a few must do.
some_jobs = settings(max_examples=settings.default.max_examples // 50)
# The first is the simplest there is, and that one has nothing in it where rows are drawn: so the
# fewest are two, and each has many cases.
some_packs = settings(max_examples=settings.default.max_examples // 25)
# Hypothesis begins with the simplest, here a cut before the first row and one task: what is named
# tells more. Profiles of more examples draw as well.
some_lives = settings(
    some_jobs, phases=list(Phase) if some_jobs.max_examples > 1 else [Phase.explicit]
)
parallelisms = st.sampled_from([1, 2, 3])
restarts = st.tuples(st.floats(0, 1), parallelisms, parallelisms)


@pytest.mark.parametrize(("name", "dialect"), RESTORED)
@some_lives
# The first, where a divergence shows.
@example(life=(0.4, 2, 3))
@given(life=restarts)
def test_any_cut_and_parallelism_give_the_same_answer(name, dialect, flink, life):
    """A job stopped with a savepoint at any index and restored, at parallelism 1 to 3."""
    cut, before, after = life
    if "rescale" in SCENARIOS[name].absent:
        after = before

    check(flink, name, dialect, lambda form: restart(form, cut, before, after))


@pytest.mark.parametrize("parallelism", [2, 3])
def test_any_parallelism_gives_the_same_answer_where_none_restores(flink, parallelism):
    """What cannot be restored is right at parallelism 2 and 3 all the same."""
    check(flink, "word_count", "datastream", lambda form: once(form, parallelism=parallelism))


def check(flink, name, dialect, lifecycle):
    """Run a dialect over unbounded input through a lifecycle."""
    scenario = SCENARIOS[name]
    life = lifecycle("timed" if scenario.timed else "plain")
    inputs = scenario.sample(flink.seed, FEW)

    outcome = flink.run(scenario, dialect, "streaming", UNBOUNDED[name], inputs, lifecycle=life)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize(("name", "dialect"), BATCHES)
@some_jobs
@given(order=st.integers(0, 2**32))
def test_the_order_of_its_rows_is_nothing_to_a_batch(name, dialect, flink, order):
    """Rows in any order come to the answer of the rows in theirs."""
    scenario = SCENARIOS[name]
    inputs = scenario.sample(flink.seed, FEW)
    shuffled = {source: Random(order).sample(rows, len(rows)) for source, rows in inputs.items()}

    outcome = flink.run(scenario, dialect, "batch", UNBOUNDED[name], shuffled)

    assert_matches(scenario.expected(inputs, "batch"), outcome)


@pytest.mark.every_hostile
@pytest.mark.parametrize(("name", "dialect"), DIALECTS)
def test_hostile_values_are_answered(name, dialect, flink):
    """In a fifth of the places of each column that can have them."""
    scenario = SCENARIOS[name]
    inputs = hostile_inputs(scenario, flink.seed, FEW)

    outcome = flink.run(scenario, dialect, "streaming", UNBOUNDED[name], inputs)

    assert_matches(scenario.expected(inputs), outcome)


any_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
texts = any_texts | hostile_texts


@pytest.mark.parametrize("mode", ["batch", "streaming"])
@pytest.mark.parametrize("dialect", SCENARIOS["word_count"].dialects)
@some_packs
@given(cases=st.lists(st.lists(texts, max_size=6), min_size=20, max_size=20))
def test_any_texts_are_counted(dialect, mode, flink, cases):
    """Whatever the texts are; each case has words of its own."""
    scenario = SCENARIOS["word_count"]
    words = [(f"case {number} {text} end",) for number, case in enumerate(cases) for text in case]
    inputs = {"words": words or [("",)]}

    outcome = flink.run(scenario, dialect, mode, "files", inputs)

    assert_matches(scenario.expected(inputs), outcome)


clicks = st.lists(
    st.tuples(
        st.integers(0, 1500),  # ms, so that ties and borders of steps are common
        st.integers(1, 26),
        st.sampled_from(["click", "click", "is_delete", None]),
        st.integers(0, 499),  # ms that the row comes later
    ),
    max_size=40,
)


@pytest.mark.parametrize("dialect", SCENARIOS["click_top10"].dialects)
@some_packs
@given(cases=st.lists(clicks, min_size=3, max_size=3))
# A minute without clicks, and then two that come the wrong way round.
@example(cases=[[(0, 1, "click", 0)], [], [(799, 1, "click", 480), (1179, 1, "click", 0)]])
def test_any_clicks_are_ranked(dialect, flink, cases):
    """Few users or many, ties, steps without clicks, any disorder within the bound."""
    scenario = SCENARIOS["click_top10"]
    rows = [
        (begin + late, (begin, user, f"user {user}", "fm"[user % 2], action))
        for number, case in enumerate(cases)
        for at, user, action, delay in case
        for begin, late in [_times(number, at, delay)]
    ]
    inputs = {
        "clicks": [row for _, row in sorted(rows, key=itemgetter(0))]
        or [(EPOCH, 1, "user 1", "m", "click")]
    }

    outcome = flink.run(scenario, dialect, "streaming", "files", inputs)

    assert_matches(scenario.expected(inputs), outcome)


def _times(case, at, delay):
    """When a click was, and how much later it came. Cases are so far apart that windows meet."""
    return EPOCH + timedelta(seconds=59 * case, milliseconds=at), timedelta(milliseconds=delay)


# A version of each time only: those of the same time are told apart by their order, and the
# watermark of profiles has passed the second.
joins = st.lists(joined(unique_by=itemgetter(0)), min_size=40, max_size=40)


@pytest.mark.parametrize("dialect", SCENARIOS["feature_join"].dialects)
@some_packs
@given(cases=joins, order=st.integers(0, 2**32))
def test_any_impressions_are_joined(dialect, flink, cases, order):
    """Whatever was shown, clicked and changed when, arriving in any order within the bound."""
    scenario = SCENARIOS["feature_join"]
    in_order = _packed(cases)
    inputs = {**in_order, **{s: _late(in_order[s], order) for s in ("impressions", "clicks")}}
    expected = scenario.expected(in_order)

    outcome = flink.run(scenario, dialect, "streaming", "debezium", inputs)

    assert_matches(expected, outcome)


def _packed(cases):
    """Many cases in one, each with users, impressions and half an hour of its own."""
    packed = {"impressions": [], "clicks": [], "profiles": []}
    for number, case in enumerate(cases):
        moved, first = number * timedelta(minutes=30), number * 100
        packed["impressions"] += [
            (ts + moved, first + n, first + user, item) for ts, n, user, item in case["impressions"]
        ]
        packed["clicks"] += [
            (ts + moved, first + n, None if user is None else first + user)
            for ts, n, user in case["clicks"]
        ]
        packed["profiles"] += [
            Change(op, (first + user, city, level, at + moved))
            for op, (user, city, level, at) in case["profiles"]
        ]
    return packed


def _late(rows, order):
    """The rows as they arrive, each within the disorder after its time."""
    delays = Random(order)
    late = {row: row[0] + DISORDER * delays.random() for row in sorted(rows, key=repr)}
    return sorted(rows, key=late.get)
