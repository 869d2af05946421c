"""The implementations in tests/implementations, with what is true of each."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(__file__).parents[1] / "implementations"


@dataclass(frozen=True, eq=False)
class Implementation:
    """One row of truth.toml."""

    target: str
    setting: str
    why: str
    holds: list[str] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    conduct: list[str] = field(default_factory=list)
    agents: list[int] = field(default_factory=lambda: [1, 2, 3])
    grid: list[str] = field(default_factory=list)
    shows: int = 2
    form: str = "winner"
    single: bool = False

    @property
    def python(self) -> bool:
        return not self.target.startswith("exec:")

    def function(self):
        """The function itself."""
        file, _, name = self.target.partition(":")
        return getattr(module(FOLDER / file), name)


@cache
def module(file: Path) -> ModuleType:
    spec = util.spec_from_file_location(f"implementation_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    loaded = util.module_from_spec(spec)
    sys.modules[loaded.__name__] = loaded
    if str(FOLDER) not in sys.path:  # some of them import others
        sys.path.append(str(FOLDER))
    spec.loader.exec_module(loaded)
    return loaded


def compiled(folder: Path) -> dict[str, str]:
    """The programs that the targets name, those in C compiled into the folder."""
    for source in FOLDER.glob("*.c"):
        subprocess.run(["cc", "-O1", "-o", str(folder / source.stem), str(source)], check=True)
    return {"c": str(folder), "python": sys.executable}


def implementations() -> Iterator[Implementation]:
    """Every row."""
    for row in tomllib.loads((FOLDER / "truth.toml").read_text("utf-8"))["implementation"]:
        yield Implementation(setting=row.pop("as"), **row)


def max_agents(row: Implementation, quick: bool = False) -> int:
    """How far an audit of a row goes; if it is to be quick, only as far as its failures show."""
    # Three on a side are 46,656 profiles; two are enough where nothing fails.
    matching = 4 if quick and not row.fails else 6
    fixed = {"double": 4, "matching": matching}.get(row.setting.partition(":")[0])
    return fixed or (max(row.shows, min(row.agents)) if quick else max(row.agents))


def findings(
    row: Implementation,
    programs: dict[str, str] | None = None,
    names: Sequence[str] = (),
    quick: bool = False,
    **options,
) -> dict[str, Any]:
    """The finding about each property that truth.toml speaks of, or some of them; run in their folder."""
    from proofs import audit

    names = names or [*row.holds, *row.fails, *row.loose]
    if "timeout" in row.conduct:
        options.setdefault("timeout", 0.5)  # what never ends is waited for often
    (found,) = audit(
        row.target.format_map(programs or {}),
        as_=row.setting,
        properties=names,
        max_agents=max_agents(row, quick),
        cache=False,
        **options,
    )
    # Of a matching, strategyproofness is a property of its own.
    told = {f.property.removeprefix("matching-"): f for f in found.findings}
    return {name: told[name] for name in names}


def wrong(row: Implementation, found: dict[str, str]) -> list[str]:
    """What is said of a row and is not true."""
    never = {"holds": "refuted", "fails": "proved", "loose": "proved"}
    return [
        f"{name} {found[name]}"
        for column, worst in never.items()
        for name in getattr(row, column)
        if found.get(name) in (worst, "error", "not-applicable")
    ]
