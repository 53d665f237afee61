"""Folding keeps the table and complains of every change that is not valid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.values.changelog import Change, fold

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
    folded = fold([Change("+I", ("a", 1)), Change("-U", ("a", 1))], KEY)

    assert {} == folded.table


def test_second_half_of_an_update_brings_the_row_back():
    """A +U after its -U is valid; one after another row's -U is not."""
    halves = [Change("+I", ("a", 1)), Change("-U", ("a", 1)), Change("+U", ("a", 2))]
    stray = [Change("+I", ("a", 1)), Change("-U", ("a", 1)), Change("+U", ("b", 2))]

    assert [] == fold(halves, KEY).invalid
    assert 1 == len(fold(stray, KEY).invalid)


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
            "change 1, +I ('a', 2): insert of a row that is pre",
        ),
        ([("+U", ("a", 1))], "change 0, +U ('a', 1): change of a row that is missing"),
        ([("-U", ("a", 1))], "change 0, -U ('a', 1): change of a row that is missing"),
        ([("-D", ("a", 1))], "change 0, -D ('a', 1): change of a row that is missing"),
        ([("+I", ("a", 1)), ("-D", ("a", 2))], "-D ('a', 2): retraction of a row that is ('a', 1)"),
    ],
)
def test_complaint_names_the_change(changes, complaint):
    """Which change, and what is wrong with it."""
    (told,) = fold([Change(*change) for change in changes], KEY).invalid

    assert complaint in told


def test_folding_goes_on_after_a_complaint():
    """The end can be compared although the way was not valid."""
    folded = fold([Change("-D", ("a", 1)), Change("+I", ("b", 2))], KEY)

    assert {("b",): ("b", 2)} == folded.table
