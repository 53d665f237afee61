"""Modules that cost time to import, and are when something of theirs is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Lazily:
    """Stands for a module. For types it is imported under `TYPE_CHECKING`."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._module), name)
