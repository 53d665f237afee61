"""What is shown while something goes on: verdicts as they come, and how long it takes."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from streamgauge.records import Record
from streamgauge.report.verdict_table import COLORS

_log = logging.getLogger("streamgauge")
_BAD = ("fail", "unknown", "not caught")


class Progress:
    """How far a run of `total` cells is, beside the newest message. This one says nothing.

    So many as `at_once` go side by side.
    """

    def __init__(self, total: int = 0, at_once: int = 1) -> None:
        self._total = total
        self._at_once = at_once
        self._begun = time.monotonic()
        self._last = self._begun
        self._spent: list[float] = []
        self._marks: Counter[str] = Counter()
        self.newest = "starting"

    def done(self, record: Record) -> None:
        """Tell a verdict that has come. What was absent did not take part."""
        if record.verdict != "absent" or record.divergence:
            self.step(record.verdict, _verdict(record), record.total_seconds)

    def step(self, mark: str, told: Text, seconds: float | None = None) -> None:
        """Count one more that came to `mark`, and tell it; it took so long, or since the last."""
        now = time.monotonic()
        self._spent.append((now - self._last) * self._at_once if seconds is None else seconds)
        self._last = now
        self._marks[mark] += 1
        self.tell(told)

    def tell(self, told: Text) -> None:
        """Put it where it stays."""

    @property
    def time(self) -> str:
        """Elapsed, and remaining by the mean of the cells that are done."""
        elapsed = _clock(time.monotonic() - self._begun)
        left = max(self._total - len(self._spent), 0)
        if not (self._spent and left):
            return elapsed
        mean = sum(self._spent) / len(self._spent) / self._at_once
        return f"{elapsed}, ~{_clock(mean * left)} left"

    @property
    def state(self) -> str:
        """Such as `3 of 22 done, 1 fail; 0:12, ~1:16 left`."""
        if not self._total:
            return self.time
        done = len(self._spent)
        bad = [f"{self._marks[mark]} {mark}" for mark in _BAD if self._marks[mark]]
        return "; ".join([", ".join([f"{done} of {max(done, self._total)} done", *bad]), self.time])


class _Plain(Progress):
    """A line each, whole however long it is."""

    def tell(self, told: Text) -> None:
        print(f"{told.plain} ({self.state})", file=sys.stderr, flush=True)


class _Live(Progress):
    """Verdicts above a region of two lines."""

    def __init__(self, console: Console, total: int, at_once: int) -> None:
        super().__init__(total, at_once)
        self._console = console

    def tell(self, told: Text) -> None:
        self._console.print(told)

    def end(self) -> None:
        """Keep what was told apart from what comes below it."""
        if self._spent:
            self._console.print()

    def __rich__(self) -> Text:
        return Text(f"{self.state}\n{self.newest}", no_wrap=True, overflow="crop")


class _Newest(logging.Handler):
    """The newest message in the region; warnings are for reading, and stay."""

    def __init__(self, console: Console, seen: Progress) -> None:
        super().__init__()
        self._console = console
        self._seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.newest = record.getMessage().partition("\n")[0]
        if record.levelno >= logging.WARNING:
            self._console.print(Text(record.getMessage()))


@contextmanager
def progress(total: int = 0, at_once: int = 1, *, quiet: bool = False) -> Iterator[Progress]:
    """Show on standard error what streamgauge logs, and how far `total` cells are.

    A live region on a terminal, plain lines elsewhere; where it is to be quiet, nothing.
    """
    console = Console(stderr=True, highlight=False, emoji=False)
    with ExitStack() as stack:
        if quiet:
            seen, handler = Progress(), logging.Handler(logging.CRITICAL + 1)
        elif sys.stderr.isatty() and not console.is_dumb_terminal:
            seen = _Live(console, total, at_once)
            handler = _Newest(console, seen)
            stack.callback(seen.end)
            stack.enter_context(_region(seen, console))
        else:
            seen, handler = _Plain(total, at_once), logging.StreamHandler()
        _log.setLevel(logging.INFO)
        _log.addHandler(handler)
        stack.callback(_log.removeHandler, handler)
        yield seen


def _region(seen: _Live, console: Console) -> Live:
    # What is printed meanwhile goes above it, unless it goes elsewhere anyway.
    both = sys.stdout.isatty()
    return Live(seen, console=console, transient=True, redirect_stdout=both)


def _verdict(record: Record) -> Text:
    """Such as `pass 1.74 s word_count-sql-batch-files-1.20.5`, and why where it is not."""
    color = COLORS[record.verdict]
    again = f" (time {record.number})" if record.number > 1 else ""
    told = f" {record.total_seconds:.2f} s {record.cell}{again}{_carried(record)}"
    text = Text.assemble((record.verdict, color), told)
    reason = record.brief or record.reason
    why = reason.partition("\n")[0] if record.verdict != "pass" else ""
    return text.append(f": {why}" if why else "")


def _carried(record: Record) -> str:
    """From line to line, and in which way, where its state was to go on."""
    lines = f" through {' -> '.join(record.path)}" if len(record.path) > 1 else ""
    return f"{lines} {record.way}" if record.way else lines


def _clock(seconds: float) -> str:
    """Such as `0:12` or `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
