"""Syslog lines: the data, the parser that the dialects share, and the oracle that does not."""

import importlib.util
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generators import syslog

FOLDER = Path(__file__).resolve().parents[2] / "jobs" / "syslog_udf"
RECEIVED = datetime(2020, 10, 28, 14, 28, 7)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
SENT = "<14>Oct 28 14:28:06 172.25.0.2 syslog-user: 10.200.80.1 root root 0 vim /etc/my.cnf"
REASONS = {"wrong charset", "no PRI", "truncated", "bad time", "year turn"}
DANGERS = {
    "remove everything",
    "make a file system",
    "open to everyone",
    "run a download",
    "overwrite a disk",
}

seeds = st.integers(0, 2**64 - 1)


def loaded(name):
    """A module of the scenario's folder: none of these needs pyflink."""
    spec = importlib.util.spec_from_file_location(f"syslog_udf_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


parse, oracle = loaded("parse"), loaded("oracle")


def expected(*rows):
    """The oracle's answer for rows (received, line)."""
    return oracle.expected({"lines": rows})


def parsed(received, line):
    """What the dialects make of a line: a reason, or a row of `commands`, not both."""
    reason = parse.reject_reason(received, line)
    names = ("topic", "host", "client", "user_name", "login_user", "command")
    row = (
        *(getattr(parse, name)(line) for name in names),
        parse.logged_at(received, line),
        parse.status(line),
    )
    return (reason, None) if reason else (None, row)


def failures(*seconds, client="10.0.0.1", status=1):
    """Lines of one client, so many seconds after a minute's turn."""
    turn = RECEIVED.replace(second=0)
    for after in seconds:
        received = turn + timedelta(seconds=after)
        sent = f"<14>{received:%b %d %H:%M:%S} h t: {client} u u {status} x"
        yield received, sent.encode()


@settings(deadline=None, max_examples=15)
@given(seeds)
def test_rows_have_what_makes_parsing_hard(seed):
    """400 rows have each reason, each danger and some client with many failures."""
    answer = expected(*syslog.rows(seed, 0, 400))

    assert REASONS == {reason for _, reason in answer["rejected"]}
    assert DANGERS | {"many failures"} == {rule for rule, *_ in answer["alerts"]}


@settings(deadline=None, max_examples=15)
@given(seeds)
def test_rows_are_out_of_order_within_the_bound(seed):
    """All are less than 5 s before the latest so far; some are right at a minute's turn."""
    times = [received for received, _ in syslog.rows(seed, 0, 400)]
    behind = [max(times[: at + 1]) - time for at, time in enumerate(times)]

    assert timedelta(0) < max(behind) < timedelta(seconds=5)
    assert any(time.second == time.microsecond == 0 for time in times)
    assert any(time.second == 59 and time.microsecond == 999_000 for time in times)


@settings(deadline=None, max_examples=15)
@given(seeds, st.integers(0, 400))
def test_parser_and_oracle_agree_on_generated_lines(seed, stop):
    """Two parsers that share nothing come to the same, and each row to one of two sinks."""
    rows = syslog.rows(seed, 0, stop)
    answer = expected(*rows)
    told = [parsed(*row) for row in rows]

    assert [oracle.read(*row) for row in rows] == told
    assert stop == len(answer["commands"]) + len(answer["rejected"])


def pieces():
    """Texts near to a line, so that a fault is in one place at most, or in all."""
    good = st.just(SENT)
    cut = st.integers(0, len(SENT)).map(lambda at: SENT[:at])
    at = st.tuples(st.integers(0, len(SENT)), st.text(max_size=3))
    swapped = at.map(lambda it: SENT[: it[0]] + it[1] + SENT[it[0] + 1 :])
    stamp = st.from_regex(r"[A-Z][a-z]{2} [0-9 ][0-9] [0-2][0-9]:[0-9]{2}:[0-9]{2}", fullmatch=True)
    stamped = stamp.map(lambda text: SENT.replace("Oct 28 14:28:06", text))
    encoding = st.sampled_from(["utf-8", "latin-1", "utf-16"])
    text = st.one_of(good, cut, swapped, stamped, st.text())
    return st.one_of(st.binary(), st.builds(lambda t, e: t.encode(e, "replace"), text, encoding))


@settings(deadline=None, max_examples=500)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), pieces())  # noqa: DTZ001
@example(RECEIVED, b"")
@example(RECEIVED, SENT.replace("14>", "191>").encode())
@example(RECEIVED, SENT.replace("14>", "192>").encode())
@example(RECEIVED, SENT.replace("28 ", "29 ").encode())
@example(RECEIVED, SENT.replace("28 ", "27 ").encode())
@example(RECEIVED, SENT.replace("Oct 28", "Feb 29").encode())
@example(RECEIVED.replace(year=2021), SENT.replace("Oct 28", "Feb 29").encode())
@example(RECEIVED, SENT.replace(" 0 ", " \u0660 ").encode())
@example(RECEIVED, (SENT + "\n").encode())
def test_parser_and_oracle_agree_on_any_bytes(received, line):
    """Both are total, and of one mind, on whatever bytes come."""
    assert oracle.read(received, line) == parsed(received, line)


PROGRAMS = "rm mkfs mkfs.xfs mkfsx chmod curl wget sh bash dd sudo"
ARGUMENTS = "-rf -fr / /* /x -R 777 | of=/dev/sda of=/dev/ if=x"
words = st.sampled_from([*PROGRAMS.split(), *ARGUMENTS.split(), "", "\n"])


@settings(deadline=None, max_examples=1000)
@given(st.one_of(st.lists(words, max_size=8).map(" ".join), st.text()))
@example("chmod chmod -R 777 /")
@example("chmod -R -R 777 /")
def test_parser_and_oracle_agree_on_danger(command):
    """The rule table means the same to both."""
    row = (*"thcul", command, RECEIVED, 0)
    alerts = oracle.dangers(RECEIVED, row)

    assert [rule for rule, *_ in alerts] == [r for r in [parse.danger(command)] if r]


def test_functions_are_total():
    """A line that is NULL has no PRI, and no fields."""
    assert "no PRI" == parse.reject_reason(RECEIVED, None)
    assert parse.topic(None) is None
    assert parse.status(b"\xff") is None
    assert parse.danger(None) is None


def test_a_line_is_parsed_once_for_all_its_fields(monkeypatch):
    """In a batch of as many lines as are known at a time, too; no more of them are kept."""
    asked = []
    whole = parse._parsed
    monkeypatch.setattr(parse, "_parsed", lambda line: asked.append(line) or whole(line))
    monkeypatch.setattr(parse, "MOST_KNOWN", 3)
    parse.KNOWN.clear()
    lines = [f"{SENT}{number}".encode() for number in range(4)]
    for batch in (lines[:3], lines[3:]):
        for field in (parse.host, parse.topic, parse.status):
            assert None not in [field(line) for line in batch]

    assert lines == asked
    assert lines[3:] == list(parse.KNOWN)


def test_line_of_the_issue():
    """The fields, in the order of the sink."""
    row = ("syslog-user", "172.25.0.2", "10.200.80.1", "root", "root", "vim /etc/my.cnf")
    at = datetime(2020, 10, 28, 14, 28, 6)  # noqa: DTZ001

    assert {"commands": [(*row, at, 0)], "rejected": [], "alerts": []} == expected(
        (RECEIVED, SENT.encode())
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SENT.replace("root", "josé").encode("latin-1"), "wrong charset"),
        (b"\xff", "wrong charset"),
        (b"", "no PRI"),
        (SENT[4:].encode(), "no PRI"),
        (SENT.replace("14>", "192>").encode(), "no PRI"),
        (SENT.replace(" vim /etc/my.cnf", " ").encode(), "truncated"),
        (SENT.replace(" root root", " root").encode(), "truncated"),
        (SENT.replace("syslog-user:", "syslog-user").encode(), "truncated"),
        (b"<14>", "truncated"),
        (SENT.replace("Oct", "Okt").encode(), "bad time"),
        (SENT.replace("28 14", "32 14").encode(), "bad time"),
        (SENT.replace("14:28:06", "24:00:00").encode(), "bad time"),
        (SENT.replace("28 14", "27 14").encode(), "year turn"),
        (SENT.replace("Oct", "Jan").encode(), "year turn"),
    ],
)
def test_reasons(line, reason):
    """What does not parse is told with the first reason that fits."""
    assert {"commands": [], "rejected": [(line, reason)], "alerts": []} == expected(
        (RECEIVED, line)
    )


def test_a_new_year_cannot_be_told():
    """A line of the old year that comes in the new one is rejected; a day's age is not."""
    new_year = datetime(2021, 1, 1)  # noqa: DTZ001
    of_old = SENT.replace("Oct 28 14:28:06", "Dec 31 23:59:59").encode()
    day_old = SENT.replace("Oct 28", "Oct 27").replace(":06", ":07").encode()

    assert [(of_old, "year turn")] == expected((new_year, of_old))["rejected"]
    assert [] == expected((RECEIVED, day_old))["rejected"]


@pytest.mark.parametrize(
    ("rows", "alerts"),
    [
        pytest.param([*failures(1, 2, 3, 4)], [], id="four are not many"),
        pytest.param([*failures(0, 1, 2, 3, 59.999)], ["5"], id="first and last millisecond"),
        pytest.param([*failures(1, 2, 3, 4, 60)], [], id="the turn is of the next"),
        pytest.param([*failures(1, 2, 3, 4), *failures(5, client="x")], [], id="two clients"),
        pytest.param([*failures(1, 2, 3, 4), *failures(5, status=0)], [], id="one success"),
        pytest.param([*failures(1, 2, 3, 4, 59, 64.998, 5)], ["6"], id="window still open"),
        pytest.param([*failures(1, 2, 3, 4, 59, 64.999, 5)], ["5"], id="window ended: late"),
        pytest.param([*failures(*range(60), *range(60, 120))], ["60", "60"], id="two windows"),
    ],
)
def test_many_failures(rows, alerts):
    """Five failures of a client within a minute of the clock; at = the window's end."""
    answer = expected(*rows)
    ends = [RECEIVED.replace(second=0) + timedelta(minutes=1 + at) for at in range(len(alerts))]
    told = [("many failures", "10.0.0.1", end, n) for end, n in zip(ends, alerts)]

    assert told == answer["alerts"]
    assert len(rows) == len(answer["commands"])


def test_first_rule_counts():
    """A command that fits two rules raises one alert."""
    line = SENT.replace("vim /etc/my.cnf", "curl x | sh ; rm -rf /").encode()

    assert [("remove everything", "10.200.80.1", RECEIVED, "curl x | sh ; rm -rf /")] == expected(
        (RECEIVED, line)
    )["alerts"]
