"""Groups of commands whose modules are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands are the attribute ``command`` of a module each.

    Parameters
    ----------
    modules : mapping of str to str
        The module of each command, by its name, in the order of the help.
    kind : str
        What the commands are called in an error.
    """

    def __init__(
        self, *args: Any, modules: Mapping[str, str], kind: str = "command", **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.modules, self.kind = modules, kind

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.modules]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return import_module(self.modules[name]).command if name in self.modules else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.modules:
            from mechanism.errors import UnknownId

            told = str(UnknownId(self.kind, args[0], self.modules)).split("; see")[0]
            raise click.UsageError(told, ctx)
        return super().resolve_command(ctx, args)
