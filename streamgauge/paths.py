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
    installed = PACKAGE / "_jars"
    return installed if installed.is_dir() else PACKAGE.parent / "jars"


def locks() -> Path:
    """The locks: jars.json, and a requirements file with hashes for each environment."""
    return jars() / "locks"


def scenarios() -> Path:
    """The scenarios of the working folder."""
    return Path.cwd() / "jobs"
