"""A second oracle for each scenario, slow and obvious: by another hand, and by other means.

Where the question is one of SQL's, SQLite answers it; else all rows are looked at again for each
row of the answer. Nothing is shared with the first oracles, nor with the dialects.
"""

import json
import sqlite3
import unicodedata
from contextlib import closing
from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)


def millis(moment):
    """A time in ms since 1970."""
    return (moment - EPOCH) // MS


def moment(ms):
    """What `millis` was told."""
    return EPOCH + ms * MS


def asked(question, **tables):
    """SQLite's answer about tables of rows; their columns are `a`, `b`, `c` ..., `n` is a row's."""
    with closing(sqlite3.connect(":memory:")) as database:
        for name, (width, rows) in tables.items():
            columns = ", ".join("abcdefghij"[:width])
            database.execute(f"CREATE TABLE {name} (n, {columns})")
            places = ", ".join("?" * (width + 1))
            numbered = [(n, *row) for n, row in enumerate(rows)]
            database.executemany(f"INSERT INTO {name} VALUES ({places})", numbered)
        return database.execute(question).fetchall()


def word_count(inputs):
    """A word is what is between the first and the last letter, mark or digit of a text."""
    words = []
    for (text,) in inputs["words"]:
        if text is None:
            continue
        kept = [at for at, letter in enumerate(text) if unicodedata.category(letter)[0] in "LMN"]
        words += [text[kept[0] : kept[-1] + 1].lower()] if kept else []
    return {"counts": [(word, words.count(word)) for word in set(words)]}


def orders_cdc(inputs):
    """Of each key the last change says whether it is there."""
    return {
        f"{source}_copy": [
            change.row
            for at, change in enumerate(inputs[source])
            if change.op in ("+I", "+U")
            and change.row[:width] not in [later.row[:width] for later in inputs[source][at + 1 :]]
        ]
        for source, width in (("orders", 1), ("items", 2))
    }


def state_zoo(inputs):
    """Each sink is a question to SQLite."""
    readings, weights = (4, inputs["readings"]), (2, inputs["weights"])
    answers = {
        "total": "SELECT b, SUM(d) FROM r GROUP BY b",
        "greatest": "SELECT b, MAX(d) FROM r GROUP BY b",
        "spread": "SELECT b, MAX(d) - MIN(d) FROM r GROUP BY b",
        "variety": "SELECT b, COUNT(DISTINCT d) FROM r GROUP BY b",
        "best": "SELECT * FROM (SELECT b, ROW_NUMBER() OVER (PARTITION BY b ORDER BY d DESC) AS p,"
        " d FROM r) WHERE p <= 2",
        "sent_once": "SELECT b, SUM(d) FROM r WHERE n IN (SELECT MIN(n) FROM r GROUP BY a)"
        " GROUP BY b",
        "told_in_time": "SELECT b, COUNT(*) FROM r GROUP BY b",
        "weighted": "SELECT r.b, SUM(r.d * w.b) FROM r JOIN w ON r.c = w.a GROUP BY r.b",
    }
    return {sink: asked(question, r=readings, w=weights) for sink, question in answers.items()}


FEATURES = """\
SELECT i.b, i.a, i.c, i.d,
  (SELECT p.b FROM p WHERE p.a = i.c AND p.d <= i.a ORDER BY p.d DESC, p.n DESC LIMIT 1),
  (SELECT p.c FROM p WHERE p.a = i.c AND p.d <= i.a ORDER BY p.d DESC, p.n DESC LIMIT 1),
  (SELECT COUNT(*) FROM i AS o WHERE o.c = i.c AND o.a BETWEEN i.a - 300000 AND i.a),
  EXISTS (SELECT 1 FROM c WHERE c.b = i.b AND c.a BETWEEN i.a AND i.a + 600000)
FROM i
"""


def feature_join(inputs):
    """Four questions about each impression."""
    shown = [(millis(ts), *row) for ts, *row in inputs["impressions"]]
    clicked = [(millis(ts), *row) for ts, *row in inputs["clicks"]]
    profiles = [(*row, millis(ts)) for _, (*row, ts) in inputs["profiles"]]
    found = asked(FEATURES, i=(4, shown), c=(3, clicked), p=(4, profiles))
    return {"features": [(row[0], moment(row[1]), *row[2:]) for row in found]}


RANKS = """\
WITH RECURSIVE steps(t) AS (
  SELECT MIN(a) / 100 * 100 + 100 FROM c
  UNION ALL SELECT t + 100 FROM steps WHERE t < (SELECT MAX(a) FROM c) + 60000
), counted AS (
  SELECT t, d, b, c, COUNT(*) AS clicks FROM steps JOIN c ON {window}
  WHERE d IN ('f', 'm') GROUP BY t, d, b, c
)
SELECT * FROM (
  SELECT t, d, ROW_NUMBER() OVER (PARTITION BY t, d ORDER BY clicks DESC, b) AS place, b, c, clicks
  FROM counted
) WHERE place <= 10
"""
# A step's end, and what is between the begin of its window and it.
LAST_MINUTE = "a >= t - 60000 AND a < t"
THIS_MINUTE = "a >= (t - 100) / 60000 * 60000 AND a < t"


def click_top10(inputs):
    """Late is what is older by the disorder than any before it; each window is counted anew."""
    rows = inputs["clicks"]
    late = [
        row
        for at, row in enumerate(rows)
        if any(millis(row[0]) <= millis(other[0]) - 500 for other in rows[:at])
    ]
    counted = [(millis(row[0]), *row[1:4]) for row in rows if row[4] == "click"]
    for row in late:
        if row[4] == "click":
            counted.remove((millis(row[0]), *row[1:4]))
    ranked = {
        sink: [
            (moment(end), *row) for end, *row in asked(RANKS.format(window=window), c=(4, counted))
        ]
        for sink, window in (("last_minute", LAST_MINUTE), ("this_minute", THIS_MINUTE))
    }
    return {**ranked, "late": late}


def open_windows(inputs):
    """Each window that a row could be in, and all rows that came before it was closed."""
    rows = [(millis(at), sensor, amount) for at, sensor, amount in inputs["readings"]]
    newest = [max((at for at, *_ in rows[:number]), default=0) for number in range(len(rows))]

    def totals(windows):
        found = []
        for start, end in windows:
            inside = [
                (sensor, amount)
                for (at, sensor, amount), latest in zip(rows, newest)
                if start <= at < end and end - 1 > latest - 5000
            ]
            for its in {sensor for sensor, _ in inside}:
                total = summed(amount for sensor, amount in inside if sensor == its)
                found.append((moment(start), moment(end), its, total))
        return found

    halves = range(
        min(at for at, *_ in rows) // 30_000 - 2, max(at for at, *_ in rows) // 30_000 + 3
    )
    starts = [half * 30_000 for half in halves]
    minutes = [start for start in starts if start % 60_000 == 0]
    return {
        "tumbling": totals([(start, start + 60_000) for start in minutes]),
        "sliding": totals([(start, start + 60_000) for start in starts]),
        "cumulative": totals(
            [(start, start + size) for start in minutes for size in (30_000, 60_000)]
        ),
        "sessions": sessions(rows),
    }


def summed(amounts):
    """SQLite's sum, which is NULL where all amounts are."""
    ((total,),) = asked("SELECT SUM(a) FROM t", t=(1, [(amount,) for amount in amounts]))
    return total


def sessions(rows):
    """Of rows none of which is late: a sensor's in order of time, split where none came in 30 s."""
    found = []
    for its in {sensor for _, sensor, _ in rows}:
        own = sorted(
            ((at, amount) for at, sensor, amount in rows if sensor == its),
            key=lambda row: row[0],
        )
        parts = [[own[0]]]
        for before, after in zip(own, own[1:]):
            if after[0] - before[0] > 30_000:
                parts.append([])
            parts[-1].append(after)
        found += [
            (
                moment(part[0][0]),
                moment(part[-1][0] + 30_000),
                its,
                summed(each[1] for each in part),
            )
            for part in parts
        ]
    return found


def syslog_alerts(answer, lines):
    """The alert `many failures` of each client and minute; who failed is told by `commands`.

    A failure counts where the minute was not over when it came: 5 s after, by the latest line.
    """
    failures, commands = [], iter(answer["commands"])
    rejected = [line for line, _ in answer["rejected"]]
    for at, (received, line) in enumerate(lines):
        if line in rejected:
            continue
        command = next(commands)
        end = received.replace(second=0, microsecond=0) + timedelta(minutes=1)
        newest = max(other for other, _ in lines[: at + 1])
        if command[-1] != 0 and newest - timedelta(seconds=5) < end - MS:
            failures.append((command[2], end))
    return [
        ("many failures", *each, str(failures.count(each)))
        for each in set(failures)
        if failures.count(each) >= 5
    ]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DIGITS = "0123456789"


def log_sync(inputs):
    """The first question that a line has no answer to is the reason."""
    good, dead = [], []
    for (line,) in inputs["logs"]:
        found = read_log(line)
        (dead if isinstance(found, str) else good).append((line, found))
    requests = [row for _, row in good]
    events = [(*row, row[1].date().isoformat(), row[1].isoformat()[11:13]) for row in requests]
    return {"events": events, "requests": requests, "dead_letters": dead}


def read_log(line):
    """A row of `requests`, or why there is none."""

    def refuse(_):
        raise ValueError

    try:
        log = json.loads(line, parse_constant=refuse)
    except (ValueError, RecursionError):
        return "not JSON"
    if type(log) is not dict:
        return "not JSON"
    request = log.get("request")
    request = request if type(request) is dict else {}
    at = read_time(written(log.get("time")) or "")
    status, size = written(log.get("status")), written(log.get("bytes"))
    wrong = (
        ("no id", not written(log.get("id"))),
        ("no time", not written(log.get("time"))),
        ("unknown time", at is None),
        ("no method", not written(request.get("method"))),
        ("no path", not written(request.get("path"))),
        ("bad status", shape(status or "") != "999" or status[0] not in "12345"),
        ("bad bytes", size not in (None, "-") and not (is_digits(size) and len(size) <= 18)),
    )
    for reason, is_wrong in wrong:
        if is_wrong:
            return reason
    inner = [(log.get(name), field) for name, field in (("user", "id"), ("client", "ip"))]
    return (
        written(log["id"]),
        at,
        written(request["method"]),
        written(request["path"]),
        int(status),
        None if size in (None, "-") else int(size),
        *(written(each.get(field)) if type(each) is dict else None for each, field in inner),
    )


def written(value):
    """A text, number or boolean as a text; None for what is none."""
    if value is True or value is False:
        return str(value).lower()
    return str(value) if type(value) in (str, int, float) else None


def is_digits(text):
    """Whether a text is of ASCII's digits, and of at least one."""
    return shape(text) == "9" * len(text) != ""


def shape(text):
    """The text, each of ASCII's digits a 9."""
    return "".join("9" if letter in DIGITS else letter for letter in text)


def read_time(text):
    """The moment in UTC by the library's parsers, where the text looks as one that we know."""
    if shape(text) == "9" * 10:
        return moment(int(text) * 1000)
    if shape(text) == "9" * 13:
        return moment(int(text))
    try:
        return as_utc(text)
    except ValueError:
        return None


def as_utc(text):
    """A ValueError where it does not look so, or is none."""
    zone = "+0000" if text.endswith("Z") else text[-6:].replace(":", "")[-5:]
    iso = {
        f"9999-99-99T99:99:99{fraction}{end}": f"%Y-%m-%dT%H:%M:%S{'.%f' if fraction else ''}"
        for fraction in ("", ".999")
        for end in ("Z", "+99:99", "-99:99")
    }
    apache = {
        f"99/{month}/9999:99:99:99 {sign}9999": "%d/%b/%Y:%H:%M:%S "
        for month in MONTHS
        for sign in "+-"
    }
    form = {**iso, **apache}.get(shape(text))
    year = text[:4] if shape(text) in iso else text[7:11]
    if form is None or year[:2] not in ("19", "20") or zone[1:3] > "14" or zone[3] > "5":
        raise ValueError(text)
    local = datetime.strptime(text[: -len(zone if form in apache.values() else end_of(text))], form)  # noqa: DTZ007
    east = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return local + east if zone[0] == "-" else local - east


def end_of(text):
    """How an ISO time ends."""
    return "Z" if text.endswith("Z") else text[-6:]
