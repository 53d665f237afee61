"""Where things lie: the user's cache, the project's records and runs, our version files."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent


def cache() -> Path:
    """What can be fetched again: environments, jars, servers. Shared by all projects."""
    chosen = os.environ.get("STREAMGAUGE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("streamgauge"))


def state() -> Path:
    """What belongs to this project: records, logs, the services that are up."""
    return Path(os.environ.get("STREAMGAUGE_STATE") or ".streamgauge").absolute()


def jars() -> Path:
    """versions.toml and its locks: in the wheel beside us, in a checkout one level up."""
    return PACKAGE.parent / "jars" if _in_checkout() else PACKAGE / "_jars"


def locks() -> Path:
    """The locks: jars.json, and a requirements file with hashes for each environment."""
    return jars() / "locks"


def scenarios() -> Path:
    """The scenarios of the working folder; in a checkout, where there are none, its own."""
    here = Path.cwd() / "jobs"
    return PACKAGE.parent / "jobs" if _in_checkout() and not here.is_dir() else here


def _in_checkout() -> bool:
    return not (PACKAGE / "_jars").is_dir()
