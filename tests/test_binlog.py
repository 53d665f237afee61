"""What the binlog tells of a table comes to what is in the table."""

import time
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.attachments.binlog_reader import BinlogReader
from streamgauge.attachments.database import Database
from streamgauge.services.mysql import connect
from streamgauge.tables import Sink
from streamgauge.values.changelog import fold
from streamgauge.values.schema import Schema

STORED = {
    "big": "BIGINT UNSIGNED",
    "word": "ENUM('new', 'reçu', '')",
    "flags": "BIT(12)",
    "details": "JSON",
    "fixed": "CHAR(3)",
    "long": "LONGTEXT",
    "stamp": "TIMESTAMP(3)",
}
ALL = Sink(
    "rank",
    Schema.of(
        id="INT",
        text="STRING",
        yes="BOOLEAN",
        n="BIGINT",
        ratio="DOUBLE",
        exact="DECIMAL(38, 10)",
        small="DECIMAL(5, 5)",
        day="DATE",
        at="TIMESTAMP(6)",
        second="TIMESTAMP(3)",
        image="BYTES",
        big="DECIMAL(20, 0)",
        word="STRING",
        flags="BYTES",
        details="STRING",
        fixed="STRING",
        long="STRING",
        stamp="TIMESTAMP(3)",
    ),
    key=("id",),
    stored=STORED,
)
JSON = ["null", "{}", "[]", '"a"', "0.5", '{"a": null, "no": 18446744073709551615, "t": ["№", -1]}']
FIRST, LAST = datetime(1000, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001


def cut(digits):
    """Times as precise as a column keeps them."""
    unit = 10 ** (6 - digits)
    return st.datetimes(FIRST, LAST).map(
        lambda at: at.replace(microsecond=at.microsecond // unit * unit)
    )


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
rows = st.tuples(
    st.integers(0, 3),
    *map(
        st.none().__or__,
        [
            texts,
            st.booleans(),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False, allow_infinity=False),
            st.integers(1 - 10**38, 10**38 - 1).map(lambda n: Decimal(f"{n}E-10")),
            st.integers(1 - 10**5, 10**5 - 1).map(lambda n: Decimal(f"{n}E-5")),
            st.dates(date(1000, 1, 1)),
            cut(6),
            cut(3),
            st.binary(max_size=8),
            st.integers(0, 2**64 - 1).map(Decimal),
            st.sampled_from(["new", "reçu", ""]),
            st.integers(0, 2**12 - 1).map(lambda n: n.to_bytes(2, "big")),
            st.sampled_from(JSON),
            st.sampled_from(["", "a", "№"]),
            texts,
            st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001
                lambda at: at.replace(microsecond=0)
            ),
        ],
    ),
)
steps = st.lists(st.tuples(st.booleans(), st.lists(rows, max_size=3)), max_size=4)
numbers = count()
# Each makes a database.
few = settings(max_examples=settings.default.max_examples // 4)


@pytest.fixture(scope="module")
def mysql(streamgauge_harness):
    """The address of a real server."""
    return streamgauge_harness.services(["mysql"])["mysql"]


def upsert(cursor, row):
    """As the JDBC connector does it."""
    marks = ", ".join(["%s"] * len(row))
    names = ", ".join(f"`{name}` = VALUES(`{name}`)" for name in ALL.schema.names)
    cursor.execute(f"INSERT INTO `rank` VALUES ({marks}) ON DUPLICATE KEY UPDATE {names}", row)


@few
@given(steps=steps)
def test_changes_of_the_binlog_come_to_the_table(mysql, steps):
    """Values of all types; read on after each transaction, each change once and none invalid."""
    reader = BinlogReader(Database(mysql, f"sg binlog {next(numbers)}"))
    try:
        reader.add(ALL)
        reader.create()
        for delete, part in steps:
            with connect(mysql, reader.database.name) as connection, connection.cursor() as cursor:
                cursor.execute("SET time_zone = '+00:00'")
                connection.begin()
                for row in part:
                    upsert(cursor, row)
                if delete:
                    cursor.execute("DELETE FROM `rank` WHERE id = 2")
                connection.commit()
                reader.read("rank")
                cursor.execute("SELECT * FROM `rank`")
                there = cursor.fetchall()
        folded = fold([arrival.change for arrival in reader.read("rank")], (0,))

        assert [] == folded.invalid
        assert Counter(there if steps else ()) == Counter(folded.table.values())
    finally:
        reader.drop()


def test_changes_are_told_with_the_times_of_their_commits(mysql):
    """To the microsecond, on this machine's clock."""
    reader = BinlogReader(Database(mysql, "sg_times"))
    try:
        reader.add(ALL)
        reader.create()
        times = []
        for number in range(3):
            before = time.time()
            reader.database.execute(f"INSERT INTO `rank` (id) VALUES ({number})")
            times.append((before, time.time()))

        for (before, after), arrival in zip(times, reader.read("rank")):
            assert before <= arrival.at <= after
    finally:
        reader.drop()
