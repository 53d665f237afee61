"""The examples that PyFlink comes with, as scenarios: their answers, worked out by hand.

Their files are read where the line's PyFlink has them. Most have their rows in them.
"""

import ctypes
import json
from pathlib import Path

from streamgauge.scenario import MODES, Scenario, Script, Sink, Source
from streamgauge.values.schema import Schema

_STREAMING = ("streaming",)
_COUNTS = Schema.of(word="STRING", count="BIGINT")
_SUMS = Schema.of(key="STRING", total="DOUBLE")
# As CSV has a TIMESTAMP_LTZ of these tables.
_PRICES = Schema.of(name="STRING", price="FLOAT", w_start="STRING", w_end="STRING")
_COUNTED = Schema.of(key="STRING", w_start="BIGINT", w_end="BIGINT", n="BIGINT")
_OFF = 1e-6

_OFTEN = {
    "the": 15,
    "of": 14,
    "to": 7,
    "The": 7,
    "and": 7,
    "a": 5,
    "And": 5,
    "To": 4,
    "we": 4,
    "in": 3,
    "That": 3,
    "that": 3,
    "us": 3,
    "not": 2,
    "is": 2,
    "by": 2,
    "end": 2,
    "No": 2,
    "die,--to": 2,
    "sleep": 2,
    "there's": 2,
    "For": 2,
    "When": 2,
    "have": 2,
    "this": 2,
    "makes": 2,
    "who": 2,
    "would": 2,
    "bear": 2,
    "make": 2,
    "With": 2,
}
_ONCE = """
be, or be,--that question:-- Whether 'tis nobler mind suffer slings arrows outrageous fortune Or
take arms against sea troubles, opposing them?--To sleep,-- more; say heartache, thousand natural
shocks flesh heir to,--'tis consummation Devoutly be wish'd. sleep;-- sleep! perchance dream:--ay,
rub; death what dreams may come, shuffled off mortal coil, Must give pause: respect calamity so
long life; whips scorns time, oppressor's wrong, proud man's contumely, pangs despis'd love, law's
delay, insolence office, spurns patient merit unworthy takes, he himself might his quietus bare
bodkin? these fardels bear, grunt sweat under weary life, But dread something after death,--
undiscover'd country, from whose bourn traveller returns,--puzzles will, rather those ills Than
fly others know of? Thus conscience does cowards all; thus native hue resolution Is sicklied o'er
with pale cast thought; enterprises great pith moment, regard, their currents turn awry, lose name
action.--Soft you now! fair Ophelia!--Nymph, thy orisons Be all my sins remember'd.
"""
_WORDS = [*_OFTEN.items(), *((word, 1) for word in _ONCE.split())]


def _second(n: int) -> str:
    return f"1970-01-01 00:00:{n:02}Z" if n >= 0 else f"1969-12-31 23:59:{60 + n}Z"


def _single(number: float) -> float:
    """Of 32 bits, as a FLOAT is."""
    return ctypes.c_float(number).value


def _windows(*rows: tuple[str, float, int, int]) -> Sink:
    """(name, price, first second, second after the last)."""
    told = [(name, _single(price), _second(a), _second(b)) for name, price, a, b in rows]
    return Sink("sink", _PRICES, tolerance={"price": _OFF}, rows=told)


def _counted(*rows: tuple[int, int, int]) -> Sink:
    """(first millisecond, millisecond after the last, number of entries)."""
    return Sink("printed", _COUNTED, rows=[("hi", *row) for row in rows])


def _person(number: int, name: str, tel: int, country: str, city: str) -> tuple[int, dict]:
    return number, {"name": name, "tel": tel, "addr": {"country": country, "city": city}}


# With the telephone number after that of the example.
_PEOPLE = [
    _person(1, "Flink", 124, "Germany", "Berlin"),
    _person(2, "hello", 136, "China", "Shanghai"),
    _person(3, "world", 125, "USA", "NewYork"),
    _person(4, "PyFlink", 33, "China", "Hangzhou"),
]
_NUMBERED = Schema.of(id="BIGINT", data="STRING")


def _example(
    file: str, *sinks: Sink, sources: tuple[Source, ...] = (), modes: tuple[str, ...] = MODES
) -> Scenario:
    api, _, name = file.removesuffix(".py").rpartition("/")
    printed = [sink.name for sink in sinks if sink.name == "printed"]
    return Scenario(
        id=f"{api.partition('/')[0]}_{name}",
        version=1,
        question="What does the example say?",
        sources=sources,
        sinks=sinks,
        bindings=("files",),
        modes=modes,
        job=Script(f"pyflink:{file}", printed=printed),
        # No file of it is read: the line has them.
        folder=Path(__file__).parent,
    )


_ALL = (
    _example("table/word_count.py", Sink("sink", _COUNTS, key=("word",), rows=_WORDS)),
    _example(
        "table/process_json_data.py",
        Sink("sink", _NUMBERED, rows=[(n, who["addr"]["country"]) for n, who in _PEOPLE]),
    ),
    _example(
        "table/process_json_data_with_udf.py",
        Sink("sink", _NUMBERED, rows=[(n, json.dumps(who)) for n, who in _PEOPLE]),
    ),
    _example(
        "table/multi_sink.py",
        Sink("first_sink", _NUMBERED, rows=[(1, "Hello"), (2, "World"), (3, "Flink")]),
        Sink("second_sink", _NUMBERED, rows=[(3, "Flink"), (4, "PyFlink")]),
    ),
    # Its source makes texts up: it is given some whose lengths are known.
    _example(
        "table/mixing_use_of_datastream_and_table.py",
        Sink("sink", Schema.of(a="BIGINT"), rows=[(5,), (10,), (-7,)]),
        sources=(Source("source", _NUMBERED, rows=[(2, "abc"), (9, "d"), (-9, "日本")]),),
    ),
    _example(
        "table/windowing/over_window.py",
        Sink(
            "sink",
            Schema.of(name="STRING", price="FLOAT"),
            tolerance={"price": _OFF},
            rows=[("Alice", _single(p)) for p in (110.1, 110.1, 110.1, 20.1)]
            + [("Bob", _single(p)) for p in (53.1, 53.1, 53.1, 30.2)],
        ),
        modes=_STREAMING,
    ),
    _example(
        "table/windowing/tumble_window.py",
        _windows(
            ("Alice", 130.1, 0, 5),
            ("Alice", 13.1, 5, 10),
            ("Alice", 20.1, 10, 15),
            ("Bob", 86.4, 0, 5),
            ("Bob", 16.1, 5, 10),
        ),
        modes=_STREAMING,
    ),
    _example(
        "table/windowing/sliding_window.py",
        _windows(
            ("Alice", 110.1, -2, 3),
            ("Alice", 130.1, 0, 5),
            ("Alice", 33.1, 2, 7),
            ("Alice", 13.1, 4, 9),
            ("Alice", 20.1, 6, 11),
            ("Alice", 20.1, 8, 13),
            ("Alice", 20.1, 10, 15),
            ("Bob", 53.1, -2, 3),
            ("Bob", 86.4, 0, 5),
            ("Bob", 86.4, 2, 7),
            ("Bob", 46.3, 4, 9),
            ("Bob", 16.1, 6, 11),
        ),
        modes=_STREAMING,
    ),
    _example(
        "table/windowing/session_window.py",
        _windows(("Alice", 130.1, 1, 8), ("Alice", 20.1, 10, 15), ("Bob", 99.4, 2, 13)),
        modes=_STREAMING,
    ),
    _example(
        "table/pandas/pandas_udaf.py",
        _windows(
            ("Alice", 65.05, 0, 5),
            ("Alice", 13.1, 5, 10),
            ("Alice", 20.1, 10, 15),
            ("Bob", 28.8, 0, 5),
            ("Bob", 16.1, 5, 10),
        ),
        modes=_STREAMING,
    ),
    _example(
        "datastream/word_count.py",
        Sink("printed", _COUNTS, key=("word",), rows=_WORDS),
        modes=("batch",),
    ),
    _example(
        "datastream/process_json_data.py",
        Sink("printed", _NUMBERED, rows=[(n, str(who)) for n, who in _PEOPLE if n in (2, 4)]),
    ),
    # All rows are there before the first of four timers a key, at times that differ; and the state
    # of both lives for a second: no machine may be slower.
    _example(
        "datastream/event_time_timer.py",
        Sink(
            "printed",
            _SUMS,
            tolerance={"total": _OFF},
            rows=[("Alice", 163.3)] * 4 + [("Bob", 102.5)] * 4,
        ),
        modes=_STREAMING,
    ),
    _example(
        "datastream/state_access.py",
        Sink(
            "printed",
            _SUMS,
            tolerance={"total": _OFF},
            rows=[("Alice", total) for total in (110.1, 130.1, 143.2, 163.3)]
            + [("Bob", total) for total in (30.2, 83.3, 86.4, 102.5)],
        ),
        modes=_STREAMING,
    ),
    _example(
        "datastream/windowing/tumbling_time_window.py",
        _counted((0, 5, 4), (5, 10, 3), (15, 20, 1)),
        modes=_STREAMING,
    ),
    _example(
        "datastream/windowing/sliding_time_window.py",
        _counted(
            *((-2, 3, 2), (0, 5, 4), (2, 7, 4), (4, 9, 3)),
            *((6, 11, 2), (8, 13, 2), (12, 17, 1), (14, 19, 1)),
        ),
        modes=_STREAMING,
    ),
    _example(
        "datastream/windowing/session_with_gap_window.py",
        _counted((1, 14, 6), (15, 20, 1)),
        modes=_STREAMING,
    ),
    # Each entry lasts as many milliseconds as its own time says, and windows that touch are one.
    _example(
        "datastream/windowing/session_with_dynamic_gap_window.py",
        _counted((1, 30, 7)),
        modes=_STREAMING,
    ),
    # The fifth hello has no second to be counted with.
    _example(
        "datastream/windowing/tumbling_count_window.py",
        Sink(
            "printed",
            Schema.of(key="STRING", total="BIGINT"),
            rows=[("hi", 4), ("hello", 6), ("hello", 12)],
        ),
        modes=_STREAMING,
    ),
)
EXAMPLES = {scenario.id: scenario for scenario in _ALL}
CELLS = [(scenario.id, mode) for scenario in _ALL for mode in scenario.modes]
