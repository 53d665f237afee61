"""The commands, each imported when it is asked for: some bring numpy, or all clients."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

# A function, or an app with commands of its own, by module; in the order of the help.
_COMMANDS: Mapping[str, str] = {
    "run": "run.run",
    "new": "new.new",
    "list": "inspect.list_cells",
    "show": "inspect.show",
    "upgrade": "upgrade.upgrade",
    "bench": "bench.bench",
    "compare": "compare.compare",
    "plant": "plant.plant",
    "doctor": "inspect.doctor",
    "check": "check.check",
    "generate": "generate.generate",
    "up": "up.up",
    "status": "up.status",
    "down": "up.down",
    "records": "records.app",
    "services": "manage.services",
    "runtimes": "manage.runtimes",
    "jars": "manage.jars",
}


class Commands(TyperGroup):
    """Knows the names of all, and of the one that is asked for the rest."""

    def list_commands(self, _: Any) -> list[str]:
        """The names, in order."""
        return list(_COMMANDS)

    def get_command(self, _: Any, cmd_name: str) -> Any:
        """The command of this name, if there is one."""
        return _command(cmd_name) if cmd_name in _COMMANDS else None


@cache
def _command(name: str) -> Any:
    module, _, member = _COMMANDS[name].partition(".")
    found = getattr(import_module(f"streamgauge.cli.{module}"), member)
    parent = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        parent.add_typer(found, name=name)
    else:
        parent.command(name)(found)
    return get_group(parent).commands[name]
