"""What a Java or Python stack trace says to a user."""

from __future__ import annotations


def root_cause(trace: str) -> str:
    """The innermost cause in a Java stack trace, without the Java.

    Where a Python function failed, that is the last line of its own traceback.
    """
    lines = trace.splitlines()
    starts = [i for i, line in enumerate(lines) if line.lstrip().startswith("Caused by: ")]
    cause = lines[starts[-1] if starts else 0 :]
    frames = (i for i, line in enumerate(cause) if line.startswith("\tat "))
    message = [line for line in cause[: next(frames, len(cause))] if line.strip()]
    if any("Traceback (most recent call last)" in line for line in message):
        return message[-1].strip()
    return message[0].strip().replace("Caused by: ", "", 1) if message else trace
