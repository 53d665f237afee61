"""Processes of which nothing may be left."""

import psutil

from streamgauge.waiting import wait_for


def alive(found):
    """Those that run."""
    return [process for process in found if _runs(process)]


def assert_gone(found, seconds=20):
    """Wait until none of the processes runs any more."""
    wait_for(lambda: alive(found), lambda left: not left, seconds, str)


def _runs(process):
    """Whether it does: a zombie does not, it only waits for a parent that looks."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # ended between the two questions
        return False
