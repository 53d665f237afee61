"""A program in Python, run as its author would run it."""

import logging
import os
import runpy
import sys
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pyflink
from pyflink.java_gateway import get_gateway


def located(file):
    """The path of a file; that of an example which this line's PyFlink comes with."""
    if not file.startswith("pyflink:"):
        return file
    examples = Path(pyflink.__file__).parent / "examples"
    path = examples / file.partition(":")[2]
    if not path.is_file():
        valid = sorted(str(each.relative_to(examples)) for each in examples.rglob("*.py"))
        raise RuntimeError("PyFlink has no example %s; valid: %s" % (file, ", ".join(valid)))
    return str(path)


@contextmanager
def at_home(script):
    """In its own folder, with its own argv and variables; what it imports there goes again."""
    file, before = script["file"], set(sys.modules)
    folder = str(Path(file).parent)
    with ExitStack() as stack:
        stack.enter_context(patch.object(sys, "argv", [file, *script["arguments"]]))
        stack.enter_context(patch.object(sys, "path", [folder, *sys.path]))
        stack.enter_context(patch.dict(os.environ, script["environment"]))
        stack.callback(os.chdir, Path.cwd())
        os.chdir(folder)
        stack.enter_context(_printing(script["output"]))
        # It may set up logs of its own.
        stack.enter_context(patch.multiple(logging.root, handlers=[*logging.root.handlers]))
        stack.callback(logging.root.setLevel, logging.root.level)
        try:
            yield
        finally:
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", "")).startswith(folder + os.sep):
                    del sys.modules[name]


@contextmanager
def _printing(file):
    """To a file, by Python and by Java, which prints results; neither has a terminal here."""
    system = get_gateway().jvm.java.lang.System
    io = get_gateway().jvm.java.io
    before, own = system.out, io.PrintStream(io.FileOutputStream(file, True), True)
    with open(file, "a", buffering=1, encoding="utf-8", errors="replace") as output:  # noqa: PTH123
        system.setOut(own)
        try:
            with redirect_stdout(output):
                yield
        finally:
            system.setOut(before)
            own.close()


def run(file):
    """As `__main__`."""
    try:
        runpy.run_path(file, run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            raise RuntimeError("%s exits with %s" % (Path(file).name, ended.code)) from None
