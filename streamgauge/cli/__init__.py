"""The command line."""

from __future__ import annotations

import faulthandler
import io
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from streamgauge import __version__, roots
from streamgauge.cli.commands import Commands
from streamgauge.errors import StreamgaugeError, UsageError, nearest
from streamgauge.processes import in_utc
from streamgauge.scenario import DIALECT_FILES, JOB

_INTERRUPTED = 130
# Click's, or that of the copy of click which newer typers carry.
_CLICK_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]

app = typer.Typer(
    cls=Commands,
    help="Proves that a streaming question gets the right answer in every way PyFlink can ask it.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _main(
    version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    """Without a command: run the cells of the scenarios to see first."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """The entry point: 0 is good, 1 is a failure, 2 is a mistake in what was asked for."""
    if sys.__stderr__:
        # What a library in C breaks leaves at least the place.
        faulthandler.enable(sys.__stderr__)
    _write_whatever_there_is()
    with in_utc():
        code = _run()
    # Not sys.exit, which would wait for threads that still start things nobody needs any more.
    os._exit(code)


def _write_whatever_there_is() -> None:
    """What an encoding such as ASCII cannot have becomes an escape, and no error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run() -> int:
    """The exit code; whatever goes wrong is told in one line."""
    try:
        code = app(_spelt_out(sys.argv[1:]), prog_name="streamgauge", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            # Typer's own word for it, where it does not let it through.
            raise KeyboardInterrupt  # noqa: TRY301
    except StreamgaugeError as error:
        code = _complain(str(error), error.exit_code)
    except _CLICK_USAGE_ERROR as error:
        code = _complain(_usage(error), UsageError.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        code = 1
    except OSError as error:
        code = _complain(_system(error), StreamgaugeError.exit_code)
    except Exception as error:
        code = _complain(_internal(error), StreamgaugeError.exit_code)
    return code or 0


def _complain(message: str, code: int) -> int:
    print(f"streamgauge: {message}", file=sys.stderr, flush=True)
    return code


def _system(error: OSError) -> str:
    """What the system refused, and of which file."""
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or error}"


def _internal(error: Exception) -> str:
    """A mistake of ours: the line for the user, the trace for us."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    with tempfile.NamedTemporaryFile(
        "w", prefix="streamgauge-", suffix=".trace", delete=False, errors="backslashreplace"
    ) as file:
        file.writelines(lines)
    told = " ".join(str(error).split())
    return f"internal error: {type(error).__name__}: {told}; trace in {file.name}"


def _usage(error: Any) -> str:
    """Click's message; for an unknown command with the valid ones."""
    if error.ctx is None or not hasattr(error.ctx.command, "list_commands"):
        return str(error.format_message())
    names = error.ctx.command.list_commands(error.ctx)
    named = re.search("'(.+?)'", error.format_message())
    if named is None or named[1].startswith("-"):
        return str(error.format_message())
    return f"unknown command {named[1]!r}{nearest(named[1], names)}; valid: {', '.join(names)}"


def _spelt_out(arguments: Sequence[str]) -> list[str]:
    """`[run] jobs/word_count/query.sql ...` is `run jobs/word_count --dialect sql ...`.

    The same of a scenario's own program, or of one in a single file. Nothing at all is a quick
    run of the scenarios to see first.
    """
    if not arguments:
        from streamgauge.cli import run  # noqa: PLC0415 - as all commands are

        return ["run", "--quick", *run.first()]
    given = arguments[1:] if arguments[:1] == ["run"] else arguments
    path = Path(given[0]) if given else Path()
    if path.is_file() and (dialect := _dialect(path)):
        return ["run", str(path.parent), "--dialect", dialect, *given[1:]]
    if roots.is_single(path) and path.name != "scenario.py":
        return ["run", *given]
    return list(arguments)


def _dialect(path: Path) -> str | None:
    """That of a scenario's file, if it is of one."""
    by_file = {file: dialect for dialect, file in DIALECT_FILES.items()}
    beside = path.suffix in (".py", ".sql") and path.with_name("scenario.py").is_file()
    if path.name in by_file or path.name == "scenario.py" or not beside:
        return by_file.get(path.name)
    from streamgauge.discovery import load  # noqa: PLC0415

    job = load(path.parent).job
    return JOB if job and job.file == path.name else None
