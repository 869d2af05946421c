"""The command line: one module for each verb, imported when it is called."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

import click

from mechanism.errors import StrategyproofError
from proofs.cli.ending import TOLD, exit_code, terminable
from proofs.cli.lazy import LazyGroup
from proofs.report import plain

# In the order of the help; the modules are light, and import what is heavy when they run.
VERBS = (
    *("list", "show", "audit", "replay", "doctor"),
    *("weakest", "design", "screen", "study", "repair"),
)
CLOSED_PIPE = 141
# What is wrong where the output itself cannot take more; errors with files name the file.
NO_OUTPUT = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG)


class _ClosedPipe(Exception):
    """Whoever read the output has had enough."""


class _Verbs(LazyGroup):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # click would leave with 1, which means refuted here
            raise _ClosedPipe from error


def _version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from proofs.report.versions import own_version

        click.echo(f"strategyproof {own_version()}")
        ctx.exit()


@click.group(
    cls=_Verbs,
    modules={verb: f"proofs.cli.{verb}" for verb in VERBS},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes of audit: 0 every claim stands; 1 something claimed or asked for is refuted; "
    "2 an error in the call, or of the program; 3 with --strict, something is not decided; "
    "5 nothing could be checked; 130 interrupted, 143 terminated.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
def cli() -> None:
    """Prove what is claimed of an auction for every number of bidders, or refute it by a smallest
    counterexample that anyone can replay.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; every error of the user ends here, in one message.

    Returns
    -------
    int
        The exit code.
    """
    if sys.stdout is None:
        click.echo("Error: standard output is closed; give it a place, such as /dev/null", err=True)
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=plain.SPELL)
    try:
        color = False if os.environ.get("NO_COLOR") else None  # None: as the terminal says
        with terminable():
            code = cli.main(
                arguments, prog_name="strategyproof", standalone_mode=False, color=color
            )
            sys.stdout.flush()
        return code or 0
    except click.ClickException as error:
        error.show()
    except StrategyproofError as error:
        click.echo(f"Error: {error}", err=True)
    except (KeyboardInterrupt, click.Abort) as end:
        code = exit_code(end.__context__ or end)  # click makes an Abort of an interrupt
        click.echo(TOLD[code], err=True)
        return code
    except (BrokenPipeError, _ClosedPipe):
        _discard_output()
        return CLOSED_PIPE
    except OSError as error:
        if error.filename is not None:  # a folder that takes no files, say
            click.echo(f"Error: {error.filename}: {error.strerror}", err=True)
        elif error.errno in NO_OUTPUT:
            click.echo(f"Error: standard output cannot be written: {error.strerror}", err=True)
            _discard_output()
        else:
            return _internal(error)
    except Exception as error:  # noqa: BLE001  (reported as an internal error, never as a verdict)
        return _internal(error)
    return 2


def _internal(error: Exception) -> int:
    from proofs.cli.bundle import internal_error

    click.echo(internal_error(error), err=True)
    return 2


def _discard_output() -> None:
    """Python would complain when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
