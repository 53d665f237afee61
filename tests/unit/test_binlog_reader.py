"""What a MySQL server has to tell of its tables, before its binlog is believed."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from streamgauge.attachments.binlog_reader import BinlogReader, _convert
from streamgauge.attachments.database import Database
from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink
from streamgauge.values.schema import Column, Schema

MYSQL = Endpoint("127.0.0.1", 3306, "ada", "secret")
FULL = {
    "log_bin": "ON",
    "binlog_format": "ROW",
    "binlog_row_image": "FULL",
    "binlog_row_metadata": "FULL",
    "binlog_row_value_options": "",
    "binlog_transaction_compression": "OFF",
}


def sink(type_, **stored):
    """A sink with one column of this type."""
    return Sink("copies", Schema((Column("c", type_),)), key=("c",), stored=stored)


@pytest.mark.parametrize("name", FULL)
def test_a_server_that_does_not_tell_enough_is_refused(monkeypatch, name):
    """Before anything is made there."""
    told = [*{**FULL, name: "MINIMAL"}.items()]
    monkeypatch.setattr(Database, "ask", lambda *_: told)

    with pytest.raises(StreamgaugeError, match=f"MySQL's {name} is MINIMAL: it has to be "):
        BinlogReader(Database(MYSQL, "sg_1_to")).create()


@pytest.mark.parametrize(
    ("type_", "stored", "told", "value"),
    [
        ("BOOLEAN", "TINYINT(1)", 1, True),
        ("BOOLEAN", "TINYINT(1)", 0, False),
        ("TINYINT", "TINYINT(1)", 2, 2),
        ("TINYINT", "TINYINT(1)", 1, 1),
        ("SMALLINT", "SMALLINT", -32768, -32768),
        ("BYTES", "BIT(9)", "100000001", b"\x01\x01"),
        ("BYTES", "bit(1)", "1", b"\x01"),
        ("BYTES", "BLOB", b"\xff", b"\xff"),
        ("BYTES", "BLOB", "", b""),
        ("DECIMAL(20, 0)", "BIGINT UNSIGNED", 2**64 - 1, Decimal(2**64 - 1)),
        ("TIME", "TIME", timedelta(hours=23, seconds=59), time(23, 0, 59)),
        ("STRING", "JSON", b"\x04\x00", "null"),
        ("STRING", "JSON", b"\x05\xff\xff", "-1"),
    ],
)
def test_values_are_those_of_the_declared_type(type_, stored, told, value):
    """Whatever MySQL's type has in the binlog."""
    made = _convert(sink(type_, c=stored), Column("c", type_))(told)

    assert (value, isinstance(value, bool)) == (made, isinstance(made, bool))


@pytest.mark.parametrize(
    ("type_", "stored", "told"),
    [
        ("STRING", "SET('a', 'b')", {"a"}),
        ("BIGINT", "DATE", date.min),
        ("INT", "CHAR", "1"),
        ("TIME", "TIME", timedelta(hours=24)),
        ("TIME", "TIME", timedelta(seconds=-1)),
    ],
)
def test_what_is_stored_as_another_type_is_told(type_, stored, told):
    """Rather than compared with what it cannot equal."""
    with pytest.raises(StreamgaugeError, match=r"sink copies: c, a .*, cannot be read from "):
        _convert(sink(type_, c=stored), Column("c", type_))(told)
