"""A comparison sees what differs, also where the end state is right."""

import math

import pytest

from streamgauge.values.changelog import Change, Invalid
from streamgauge.values.comparison import Answer, Comparison, compare
from streamgauge.values.schema import Schema

A, B = ("a", 1), ("b", 2)
KEY = (0,)
NAN = math.nan

with_key_or_not = pytest.mark.parametrize("key", [(), KEY], ids=["multiset", "changelog"])


def inserts(*rows):
    return [Change("+I", row) for row in rows]


def answer(note="", **sinks):
    return Answer(sinks, note)


@with_key_or_not
def test_equal_rows_in_another_order_are_ok(key):
    """The order of rows with different keys does not matter."""
    seen = compare([A, B], inserts(B, A), key)

    assert seen.ok
    assert "equal" == str(seen)
    assert {A, B} == set(seen.rows)


@with_key_or_not
def test_nothing_is_equal_to_nothing(key):
    """No rows where none are expected is ok."""
    assert compare([], [], key).ok


@with_key_or_not
def test_wrong_row_is_missing_and_extra(key):
    """A row with a wrong value is told with the row that should be there."""
    seen = compare([A, B], inserts(A, ("b", 3)), key)

    assert not seen.ok
    assert (B,) == seen.missing
    assert (("b", 3),) == seen.extra


@with_key_or_not
def test_lost_row_is_missing(key):
    """A row that never came is not ok."""
    seen = compare([A, B], inserts(A), key)

    assert not seen.ok
    assert (B,) == seen.missing


@with_key_or_not
def test_duplicate_is_not_ok(key):
    """A row that came twice is not ok, though folding would hide it."""
    assert not compare([A, B], inserts(A, B, A), key).ok


def test_multiset_counts_rows():
    """Without a key, a row that should come twice has to come twice."""
    assert compare([A, A], inserts(A, A)).ok
    assert (A,) == compare([A, A], inserts(A)).missing
    assert (A,) == compare([A], inserts(A, A)).extra


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        pytest.param([("a", 2)], [("+I", A), ("+I", ("a", 2))], id="insert of present"),
        pytest.param([A], [("+U", A)], id="update of missing"),
        pytest.param([B], [("+I", B), ("-D", A)], id="delete of missing"),
        pytest.param([B], [("+I", B), ("-D", ("a", None))], id="tombstone of missing"),
        pytest.param(
            [("a", 2)], [("+I", A), ("-U", ("a", 9)), ("+U", ("a", 2))], id="-U of another row"
        ),
        pytest.param([], [("+I", A), ("-D", ("a", 9))], id="-D of another row"),
    ],
)
def test_invalid_change_is_not_ok_where_the_end_is_right(expected, changes):
    """The end state alone would be equal: the way to it is not valid."""
    seen = compare(expected, [Change(*change) for change in changes], KEY)

    assert ((), ()) == (seen.missing, seen.extra)
    assert 1 == len(seen.invalid)
    assert not seen.ok


def test_update_to_another_key_is_ok():
    """What a source's own primary key does, a sink's may."""
    changes = [Change("+I", A), Change("-U", A), Change("+U", B)]

    assert compare([B], changes, KEY).ok


@pytest.mark.parametrize("op", ["-U", "+U", "-D"])
def test_multiset_takes_inserts_only(op):
    """Another change is not ok, even where its row is expected."""
    seen = compare([A, B], [Change("+I", A), Change(op, B)])

    assert not seen.ok
    assert "only inserts" in str(seen)


def test_text_is_an_excerpt():
    """Many differences are counted, a few of them shown."""
    text = str(compare([(n,) for n in range(10)], []))

    assert text.startswith("missing 10: (0,)")
    assert text.endswith("and 7 more")


def test_text_shows_few_differences_whole():
    """Where all are shown, no more are promised."""
    text = str(compare([A], inserts(B)))

    assert "missing 1: ('a', 1); extra 1: ('b', 2)" == text


def test_counts_are_those_of_the_text():
    """Without a row, by sink, and when."""
    wrong = compare([(n,) for n in range(10)], [Change("-D", (11,))])
    seen = answer("at the cut, ", one=wrong, two=compare([A], inserts(A)))

    assert "at the cut, one: missing 10, extra 1, invalid 1" == seen.counts


@with_key_or_not
def test_missing_rows_may_be_still_to_come(key):
    """As long as the rest is right, an answer that is not whole yet is not wrong."""
    seen = compare([A, B], inserts(A), key)

    assert seen.so_far().ok
    assert (A,) == seen.so_far().rows


@with_key_or_not
def test_row_that_is_due_may_not_be_missing(key):
    """The others may."""
    seen = compare([A, B], [], key)

    assert (B,) == seen.so_far(lambda row: row == B).missing


@pytest.mark.parametrize(
    ("key", "extra"),
    [
        pytest.param((), (("a", 9),), id="an insert stays"),
        pytest.param(KEY, (), id="a row may be replaced"),
    ],
)
def test_row_too_many_is_wrong_for_good_only_without_a_key(key, extra):
    """What has a key may yet be updated or deleted."""
    seen = compare([A, B], inserts(("a", 9)), key).so_far()

    assert ((), extra) == (seen.missing, seen.extra)
    assert (not extra) == seen.ok


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        pytest.param((), [Change("+I", A), Change("-D", A)], id="multiset"),
        pytest.param(KEY, [Change("-D", A)], id="changelog"),
    ],
)
def test_invalid_change_is_wrong_for_good(key, changes):
    """No row to come makes a change valid."""
    seen = compare([A], changes, key).so_far()

    assert 1 == len(seen.invalid)
    assert not seen.ok


EQUAL = Comparison(rows=(A,))
LACKING = Comparison(missing=(A,))
FULL = Comparison(extra=(B,))
FULL_KEYED = Comparison(extra=(B,), key=KEY)
WRONG = Invalid(0, Change("-D", A), "it cannot be")
INVALID = Comparison(invalid=(WRONG,))


@pytest.mark.parametrize(
    ("seen", "ok", "hopeless", "later", "text"),
    [
        (answer(one=EQUAL, two=EQUAL), True, False, True, "equal"),
        (answer(one=EQUAL, two=LACKING), False, False, True, "two: missing 1: ('a', 1)"),
        (answer(one=FULL, two=EQUAL), False, True, False, "one: extra 1: ('b', 2)"),
        (answer(one=FULL_KEYED, two=EQUAL), False, False, True, "one: extra 1: ('b', 2)"),
        (answer(one=EQUAL, two=INVALID), False, True, False, f"two: invalid 1: {WRONG}"),
        (
            answer(one=LACKING, two=INVALID),
            False,
            True,
            False,
            f"one: missing 1: ('a', 1); two: invalid 1: {WRONG}",
        ),
        (
            answer("equal at first, then ", one=EQUAL, two=FULL),
            False,
            True,
            False,
            "equal at first, then two: extra 1: ('b', 2)",
        ),
    ],
)
def test_answer_is_that_of_all_sinks(seen, ok, hopeless, later, text):
    """Right where every sink is, told by the names of those that are not."""
    assert (ok, hopeless, text) == (seen.ok, seen.hopeless, str(seen))
    assert later == seen.so_far().ok


@pytest.mark.parametrize(
    ("expected", "changes", "key", "hopeless"),
    [
        pytest.param([A], inserts(B), (), True, id="row too many"),
        pytest.param([A], inserts(A, A), (), True, id="row once too often"),
        pytest.param([A, B], inserts(A), (), False, id="row to come"),
        pytest.param([A], inserts(("a", 9)), KEY, False, id="row that may be updated"),
        pytest.param([A], inserts(A, B), KEY, False, id="row that may be deleted"),
        pytest.param([A], inserts(A, A), KEY, True, id="row inserted twice"),
    ],
)
def test_hopeless_is_what_no_change_can_right(expected, changes, key, hopeless):
    """An insert without a key stays; a change that is not valid does so with one too."""
    assert hopeless == answer(one=compare(expected, changes, key)).hopeless


@pytest.mark.parametrize(("sink", "ok"), [("one", False), ("two", True)])
def test_rows_are_due_in_a_sink(sink, ok):
    """Each has its own."""
    seen = answer(one=LACKING, two=EQUAL)

    assert ok == seen.so_far(lambda name, row: (name, row) == (sink, A)).ok


def test_answer_so_far_keeps_names_and_note():
    """What is left of each sink is told under its name."""
    seen = answer("at the cut, ", one=LACKING, two=FULL).so_far()

    assert ["one", "two"] == list(seen.sinks)
    assert "at the cut, two: extra 1: ('b', 2)" == str(seen)


def test_half_an_update_is_wrong_in_the_end():
    """Its other half may yet come; without it the rows alone would be equal."""
    seen = compare([A], [*inserts(A, B), Change("-U", B)], KEY)

    assert (False, True) == (seen.ok, seen.so_far().ok)
    assert str(seen).startswith("invalid 1: change 2, -U ('b', 2): half an update")
    assert not answer(one=seen).hopeless


@pytest.mark.parametrize(
    ("sinks", "told"),
    [
        pytest.param({"one": []}, "one: nothing expected, nothing came", id="only sink"),
        pytest.param({"one": [], "two": [A], "three": []}, "one, three: nothing exp", id="some"),
        pytest.param({"one": [A], "two": [B]}, "", id="none"),
    ],
)
def test_a_right_answer_says_where_it_is_about_nothing(sinks, told):
    """Such a sink proves nothing."""
    seen = answer(**{name: compare(rows, inserts(*rows), KEY) for name, rows in sinks.items()})

    assert seen.ok
    assert seen.caveat.startswith(told)
    assert bool(told) == bool(seen.caveat)


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        pytest.param([], [*inserts(A), Change("-D", A)], id="row that came and went"),
        pytest.param([A], [], id="row that did not come"),
    ],
)
def test_where_a_row_comes_or_should_there_is_something(expected, changes):
    """A row that came and went shows that the job runs."""
    assert "" == answer(one=compare(expected, changes, KEY)).caveat


@with_key_or_not
def test_number_may_be_off_where_the_sink_says_so(key):
    """By as much as it says, in both kinds of sinks; what is further off is told."""
    close = compare([("a", 1.0), ("b", 2.0)], inserts(("b", 2.01), ("a", 0.995)), key, {1: 0.01})
    far = compare([("a", 1.0)], inserts(("a", 0.98)), key, {1: 0.01})

    assert close.ok
    assert {("b", 2.01), ("a", 0.995)} == set(close.rows)
    assert ((("a", 1.0),), (("a", 0.98),)) == (far.missing, far.extra)
    assert not compare([("a", 1.0)], inserts(("a", 1.0000001)), key).ok


@pytest.mark.parametrize(("value", "ok"), [(0.5, True), (0.5000001, False), (NAN, False)])
def test_what_is_taken_back_is_exact(value, ok):
    """It is the very row that came, whatever the tolerance."""
    changes = [*inserts(("a", 0.5)), Change("-U", ("a", value)), Change("+U", ("a", 0.7))]

    assert ok == compare([("a", 0.7)], changes, KEY, {1: 0.1}).ok


def test_nan_can_be_taken_back():
    """As it was read, it is equal to itself, and its update brings no complaint."""
    schema = Schema.of(word="STRING", ratio="DOUBLE")
    came, gone = schema.parse(("a", "NaN")), schema.parse(("a", "NaN"))
    changes = [*inserts(came), Change("-U", gone), Change("+U", ("a", 0.5))]

    assert compare([("a", 0.5)], changes, KEY).ok
    assert ((came,), ()) == (compare([], inserts(came)).extra, compare([gone], inserts(came)).extra)


def test_differences_are_whole():
    """By sink, all of them, for who wants more than an excerpt."""
    rows = [(n,) for n in range(10)]
    seen = answer(one=compare(rows, []), two=compare([], inserts(*rows)), three=compare([], []))

    assert {"one": (tuple(rows), ()), "two": ((), tuple(rows))} == {
        name: (wrong.missing, wrong.extra) for name, wrong in seen.wrong.items()
    }
