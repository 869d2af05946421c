"""``strategyproof doctor``: is everything there, and is it what it seems?"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path

import click

PACKAGES = ("mechanism", "properties", "proofs")
DISTRIBUTION = "strategyproof"
SOLVERS = ("z3", "cvc5", "yices-smt2", "mathsat", "opensmt")
OK, NOTE, BROKEN = "ok", "note", "BROKEN"
Line = tuple[str, str, str]  # how it is, what, and the details


@click.command("doctor", short_help="Versions, solvers found, name clashes.")
def command() -> int:
    """Check the installation: versions, solvers, whether the three packages are this project's, the proof
    cache, and what other packages add. The exit code is 2 when something is broken.
    """
    broken = 0
    for state, what, told in examine():
        style = {OK: "green", NOTE: "yellow", BROKEN: "red"}[state]
        click.echo(f"{click.style(f'{state:6}', fg=style)}  {what:20}  {told}".rstrip())
        broken += state == BROKEN
    click.echo(f"\n{broken or 'nothing'} broken")
    return 2 if broken else 0


def examine() -> Iterator[Line]:
    """Everything there is to check."""
    yield from python_and_libraries()
    yield from solvers()
    yield from names()
    yield cache()
    yield from entry_points()


def python_and_libraries() -> Iterator[Line]:
    """What has to be installed, and what may be."""
    from proofs.report.versions import NEEDED, OPTIONAL, own_version, version_of

    own = own_version()
    yield (NOTE if own == "not installed" else OK), DISTRIBUTION, own
    old = sys.version_info < (3, 11)
    yield (
        (BROKEN if old else OK),
        "python",
        platform.python_version() + (" (3.11 is needed)" if old else ""),
    )
    for name in NEEDED:
        found = version_of(name)
        yield (
            (OK, name, found) if found else (BROKEN, name, f"missing; python -m pip install {name}")
        )
    for name in OPTIONAL:
        found = version_of(name)
        yield (OK, name, found) if found else (NOTE, name, "not installed; it is optional")


def solvers() -> Iterator[Line]:
    """Z3, which has to work, and other solvers that could check its proofs."""
    try:
        import z3

        x = z3.Real("x")
        solver = z3.Solver()
        solver.add(x > 0, x < 0)
        works = solver.check() == z3.unsat
        yield (OK if works else BROKEN), "solver z3", z3.get_full_version()
    except Exception as error:  # noqa: BLE001  (whatever is wrong with it, that is the answer)
        yield BROKEN, "solver z3", f"does not work: {error}"
    for name in SOLVERS:
        if place := shutil.which(name):
            yield OK, f"command {name}", f"{place} (can read what --emit-smt2 writes)"


def names() -> Iterator[Line]:
    """Other distributions use the same top-level names; only one can have them."""
    owners = metadata.packages_distributions()
    home = Path(__file__).resolve().parents[2]
    for name in PACKAGES:
        spec = util.find_spec(name)
        place = Path(str(spec.origin)).resolve().parent if spec and spec.origin else None
        others = sorted({o for o in owners.get(name, []) if o.lower() != DISTRIBUTION})
        if place is None:
            yield BROKEN, f"package {name}", f"is not found; reinstall {DISTRIBUTION}"
        elif place != home / name:
            by = f", from {' and '.join(others)}" if others else ""
            yield (
                BROKEN,
                f"package {name}",
                f"is another one: {place}{by}; use a virtual environment",
            )
        elif others:
            told = f"is also a name of {' and '.join(others)}"
            same = any(
                Path(str(metadata.distribution(o).locate_file(""))).resolve() == home
                for o in others
            )
            if same:
                told += ", installed over it or under it; use a virtual environment"
            yield (BROKEN if same else NOTE), f"package {name}", told
        else:
            yield OK, f"package {name}", str(place)


def cache() -> Line:
    """Where the proof cache is, and whether it can be used."""
    from proofs.cache import folder

    place = folder()
    there = place
    while not there.exists() and there != there.parent:
        there = there.parent
    if _writable(there):
        return OK, "proof cache", f"{place}{'' if place.exists() else ' (empty)'}"
    return (
        NOTE,
        "proof cache",
        f"{place} may not be written; set STRATEGYPROOF_CACHE, or nothing is kept",
    )


def _writable(folder: Path) -> bool:
    """Whether something can be put into a folder, by trying: some say so, and cannot."""
    try:
        Path(tempfile.mkdtemp(dir=folder)).rmdir()
    except OSError:
        return False
    return True


def entry_points() -> Iterator[Line]:
    """What other packages add to the catalogue."""
    from mechanism.registry import GROUP as RULES
    from properties.registry import GROUP as PROPERTIES

    for group in (RULES, PROPERTIES):
        for point in metadata.entry_points(group=group):
            kind = (
                group.rpartition(".")[2].replace("properties", "property").replace("rules", "rule")
            )
            try:
                point.load()
                yield OK, f"{kind} {point.name}", f"from {point.value}"
            except Exception as error:  # noqa: BLE001  (somebody else's package)
                yield (
                    BROKEN,
                    f"{kind} {point.name}",
                    f"{point.value}: {type(error).__name__}: {error}",
                )
