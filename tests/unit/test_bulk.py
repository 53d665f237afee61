"""Columns as one statement of MySQL."""

import numpy as np
import pytest
from pymysql.converters import escape_item

from streamgauge.attachments.bulk import upsert
from streamgauge.errors import StreamgaugeError
from streamgauge.tables import Source
from streamgauge.values.columns import Chosen, Columns, Pool
from streamgauge.values.kinds import Blobs, Exact, Floats, Moments, Numbers
from streamgauge.values.schema import Schema

TEXTS = ("it's", 'say "so"', "back\\slash", "a\nb", "\0", "李小龍 🦑", "", None)
SCHEMA = Schema.of(
    id="BIGINT",
    name="STRING",
    paid="BOOLEAN",
    amount="DECIMAL(5, 2)",
    weight="DOUBLE",
    at="TIMESTAMP(3)",
    scan="BYTES",
)


def source(schema=SCHEMA):
    return Source("rank", schema, generate=lambda *_: [], key=schema.names[:1])


def test_rows_of_one_statement():
    """Values as MySQL reads them; a row that has the key already gets the new ones."""
    columns = Columns(
        Numbers(np.array([1, 2])),
        Chosen(np.array([0, 1]), Pool("it's", None)),
        Chosen(np.array([0, 1]), Pool(False, True)),
        Exact(np.array([-5, 12345]), 2),
        Floats(np.array([0.5, 1e300])),
        Moments(np.array([0, 1_500_000])),
        Blobs([b"", b"\xff\x00"]),
        size=2,
    )

    begin, _, rest = upsert(source(), columns).decode().partition(" VALUES ")
    rows, _, update = rest.partition(" ON DUPLICATE KEY UPDATE ")

    assert begin == "INSERT INTO `rank` (" + ", ".join(f"`{n}`" for n in SCHEMA.names) + ")"
    assert update == ", ".join(f"`{n}` = VALUES(`{n}`)" for n in SCHEMA.names)
    assert rows == (
        r"(1, 'it\'s', false, '-0.05', 0.5, '1970-01-01 00:00:00', x''), "
        "(2, NULL, true, '123.45', 1e+300, '1970-01-01 00:00:01.500000', x'ff00')"
    )


def test_texts_are_quoted_as_the_client_does():
    """Whatever characters they have."""
    chosen = Chosen(np.arange(len(TEXTS)), Pool(*TEXTS))
    statement = upsert(source(Schema.of(name="STRING")), Columns(chosen, size=len(TEXTS)))
    rows = ", ".join(f"({escape_item(text, 'utf8mb4')})" for text in TEXTS)

    assert f" VALUES {rows} ON DUPLICATE".encode() in statement


def test_what_goes_is_refused():
    """It would be inserted once more."""
    ops = Chosen(np.array([0, 1]), Pool("+I", "-D"))
    columns = Columns(Numbers(np.array([1, 1])), size=2, ops=ops)

    with pytest.raises(StreamgaugeError, match="source rank: a row goes"):
        upsert(source(Schema.of(id="BIGINT")), columns)
