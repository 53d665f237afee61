"""Folding keeps the table and complains of every change that is not valid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.values.changelog import FAULTS, Change, Invalid, Past, fold, pasts

KEY = (0,)

keys = st.sampled_from("abc")
values = st.one_of(st.none(), st.integers(0, 3))
steps = st.lists(st.tuples(keys, values, st.booleans()), max_size=25)


def history(steps):
    """Valid changes and the table they come to.

    A step is (key, value, tombstone): None deletes, by tombstone or by the whole
    row, any other value inserts or updates.
    """
    table, changes = {}, []
    for key, value, tombstone in steps:
        if value is not None:
            row = (key, value)
            if key in table:
                changes += [Change("-U", table[key]), Change("+U", row)]
            else:
                changes.append(Change("+I", row))
            table[key] = row
        elif key in table:
            row = table.pop(key)
            changes.append(Change("-D", (key, None) if tombstone else row))
    return changes, table


def updates(halves):
    """Rows `a` and `b`, and then -U, +U and +I of the keys in a text such as `-a !c +a`."""
    ops = {"-": "-U", "+": "+U", "!": "+I"}
    rows = [Change(ops[half[0]], (half[1], 1)) for half in halves.split()]
    return [Change("+I", ("a", 1)), Change("+I", ("b", 1)), *rows]


def inserted_again(changes):
    """Where the deletes stand whose key is inserted again later."""
    return [
        index
        for index, change in enumerate(changes)
        if change.op == "-D"
        and any(c.op == "+I" and c.row[0] == change.row[0] for c in changes[index:])
    ]


@settings(deadline=None, max_examples=60)
@given(steps)
def test_valid_history_gives_its_table_without_complaint(steps):
    """Any valid history folds into the rows that a plain dictionary has."""
    changes, table = history(steps)
    folded = fold(changes, KEY)

    assert [] == folded.invalid
    assert sorted(table.values()) == sorted(folded.table.values())


@settings(deadline=None, max_examples=60)
@given(steps, keys, st.booleans(), steps)
def test_lost_delete_is_noticed(before, key, tombstone, after):
    """Without a delete, the next insert of its key is of a present row."""
    again = [(key, 1, False), (key, None, tombstone), (key, 2, False)]
    changes, _ = history([*before, *again, *after])
    deletes = inserted_again(changes)

    assert deletes
    for index in deletes:
        assert fold(changes[:index] + changes[index + 1 :], KEY).invalid


@settings(deadline=None, max_examples=60)
@given(steps, st.tuples(keys, st.just(1), st.just(value=False)))
def test_insert_twice_is_noticed(steps, first):
    """Any insert that comes twice is the second time one of a present row."""
    changes, _ = history([first, *steps])
    for index, change in enumerate(changes):
        if change.op == "+I":
            assert fold([*changes[:index], change, *changes[index:]], KEY).invalid


def test_first_half_of_an_update_takes_the_row_away():
    """A -U whose +U never comes is a lost row."""
    folded = fold([Change("+I", ("a", 1)), Change("-U", ("a", 1)), Change("+I", ("b", 1))], KEY)

    assert {("b",): ("b", 1)} == folded.table
    assert [
        Invalid(1, Change("-U", ("a", 1)), "half an update: its +U has not come", pending=True)
    ] == folded.invalid


def test_insert_is_no_second_half():
    """What a -U took away comes back with a +U; more is not told of it."""
    (told,) = fold(updates("-a !a +a"), KEY).invalid

    assert "half an update: an insert comes where its +U should" == told.complaint
    assert not told.pending


@settings(deadline=None, max_examples=60)
@given(steps, st.integers(0, 50))
def test_half_an_update_is_all_that_a_prefix_of_a_history_lacks(steps, stop):
    """The other half may yet come; when it has, there is no complaint."""
    changes, _ = history(steps)
    half = changes[:stop] and changes[:stop][-1].op == "-U"

    assert [True] * bool(half) == [each.pending for each in fold(changes[:stop], KEY).invalid]


@settings(deadline=None, max_examples=60)
@given(steps, st.data())
def test_lost_second_half_is_noticed(steps, data):
    """A history that lacks a +U is never valid, whatever comes after it."""
    changes, _ = history([("a", 1, False), ("a", 2, False), *steps])
    lost = data.draw(st.sampled_from([at for at, c in enumerate(changes) if c.op == "+U"]))

    assert fold(changes[:lost] + changes[lost + 1 :], KEY).invalid


@settings(deadline=None, max_examples=60)
@given(steps)
def test_update_may_give_the_row_another_key(steps):
    """A -U and the +U after it move the row of any history to a key that is free."""
    changes, table = history(steps)
    for key, value in table.values():
        changes += [Change("-U", (key, value)), Change("+U", (key.upper(), value))]
    folded = fold(changes, KEY)

    assert [] == folded.invalid
    assert {(key.upper(),): (key.upper(), value) for key, value in table.values()} == folded.table


@pytest.mark.parametrize(
    ("halves", "rows"),
    [
        pytest.param("-a +a", {"a", "b"}, id="one update"),
        pytest.param("-a -b +a +b", {"a", "b"}, id="first halves together"),
        pytest.param("-a -b +b +a", {"a", "b"}, id="second halves in another order"),
        pytest.param("-a +c", {"b", "c"}, id="another key"),
        pytest.param("-a +c -c +a", {"a", "b"}, id="another key and back"),
        pytest.param("-a -b +c +a", {"a", "c"}, id="another key for the last one"),
        pytest.param("+a", {"a", "b"}, id="second half alone of a present row"),
        pytest.param("-a +b +a", {"a", "b"}, id="another row's between"),
        pytest.param("-a !c +a", {"a", "b", "c"}, id="insert between"),
    ],
)
def test_halves_of_updates(halves, rows):
    """A +U belongs to the -U of its key, wherever that is, else to the -U just before it."""
    folded = fold(updates(halves), KEY)

    assert [] == folded.invalid
    assert {(key,) for key in rows} == set(folded.table)


@pytest.mark.parametrize(
    "halves",
    [
        pytest.param("+c", id="no first half"),
        pytest.param("-a +a +c", id="first half that is taken"),
        pytest.param("-a +c +d", id="first half that a changed key took"),
        pytest.param("-a +c +a", id="first half that is gone with the key"),
        pytest.param("-a !d +c", id="insert since the first half"),
        pytest.param("-a +b +c", id="first half of another key not just before"),
        pytest.param("-a -a +a", id="first half twice"),
    ],
)
def test_half_of_no_update_is_noticed(halves):
    """A +U of a row that is not there, without a -U of its own, is not valid."""
    (told,) = [each for each in fold(updates(halves), KEY).invalid if not each.pending]

    assert "update of a missing row" == told.complaint


def test_key_may_have_several_columns_anywhere():
    """Rows that share a part of the key are different rows."""
    folded = fold([Change("+I", ("x", 1, "a")), Change("+I", ("y", 1, "b"))], key=(2, 1))

    assert {("a", 1), ("b", 1)} == set(folded.table)
    assert [] == folded.invalid


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            [("+I", ("a", 1)), ("+I", ("a", 2))],
            "change 1, +I ('a', 2): insert of a present row",
        ),
        ([("+U", ("a", 1))], "change 0, +U ('a', 1): update of a missing row"),
        ([("-U", ("a", 1))], "change 0, -U ('a', 1): update of a missing row"),
        ([("-D", ("a", 1))], "change 0, -D ('a', 1): delete of a missing row"),
        (
            [("+I", ("a", 1)), ("-D", ("a", 2))],
            "-D ('a', 2): retraction of another row: ('a', 1) is there",
        ),
    ],
)
def test_complaint_names_the_change(changes, complaint):
    """Which change, and what is wrong with it."""
    (told,) = fold([Change(*change) for change in changes], KEY).invalid

    assert complaint in str(told)
    assert told.complaint.startswith(FAULTS)


def test_folding_goes_on_after_a_complaint():
    """The end can be compared although the way was not valid."""
    folded = fold([Change("-D", ("a", 1)), Change("+I", ("b", 2))], KEY)

    assert {("b",): ("b", 2)} == folded.table


def test_past_of_an_invalid_change():
    """The last changes of its key before it, and how many there were in all."""
    ops = ["+I", "-D", "+I", "-D", "-D", "+I"]
    changes = [Change(op, (key, n)) for n, op in enumerate(ops) for key in "ab"]
    invalid = [Invalid(8, changes[8], "first"), Invalid(9, changes[9], "second")]
    first, second = pasts(invalid, changes, KEY, 3)

    assert Past(4, [(n, changes[n]) for n in (2, 4, 6)]) == first
    assert Past(4, [(n, changes[n]) for n in (3, 5, 7)]) == second


def test_past_without_a_key_is_that_of_the_row():
    """A sink of inserts knows no other key."""
    changes = [Change("+I", ("a", 1)), Change("+I", ("a", 2)), Change("-D", ("a", 1))]

    assert [Past(1, [(0, changes[0])])] == pasts([Invalid(2, changes[2], "x")], changes, (), 3)
