"""Several at once, by threads: what waits for other processes most of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

One = TypeVar("One")
Result = TypeVar("Result")


def made_once(make: Callable[[One], Result]) -> Callable[[One], Result]:
    """One for each argument, and the same for those who ask while it is made.

    `cache` lets each of them make one, and keeps the last: that of another who uses it already
    would be destroyed.
    """
    making, kept = Lock(), cache(make)

    @wraps(make)
    def made(key: One) -> Result:
        with making:
            return kept(key)

    return made


def abreast(
    every: Sequence[One], go: Callable[[One], Result], at_once: int, cut: Callable[[], None]
) -> Iterator[tuple[One, Result]]:
    """Each with its result, as they come; `at_once` go at the same time.

    Where nobody wants more of them, those that have not begun do not, and `cut` is to end
    the others, which are waited for.
    """
    with ExitStack() as stack:
        pool = ThreadPoolExecutor(at_once)
        stack.callback(pool.shutdown)
        stack.callback(_quietly, cut)
        going = {pool.submit(go, one): one for one in every}
        for each in going:
            stack.callback(each.cancel)
        for done in as_completed(going):
            yield going[done], done.result()
        stack.pop_all()
        pool.shutdown()


def _quietly(cut: Callable[[], None]) -> None:
    """What it complains of does not hide why it was called."""
    with suppress(Exception):
        cut()
