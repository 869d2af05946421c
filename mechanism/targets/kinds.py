"""What a foreign mechanism is taken for: the text of ``--as``, read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from mechanism.errors import InputError

USAGE = {
    "single-item": "single-item",
    "units": "units:K",
    "slots": "slots:CTR,CTR,...",
    "assignment": "assignment:GOODS",
    "combinatorial": "combinatorial:GOODS",
    "double": "double:BUYERS,SELLERS",
    "procurement": "procurement",
    "public": "public:OUTCOMES",
    "matching": "matching[:PROPOSERS,RECEIVERS[,incomplete]]",
}


@dataclass(frozen=True)
class Kind:
    """A setting of foreign code.

    Parameters
    ----------
    id : str
        As in `USAGE`.
    count : int
        Of units, slots, goods or outcomes.
    names : tuple of str
        The goods or outcomes by name, where names were given.
    rates : tuple of Fraction
        The click-through rates of the slots.
    sides : (int, int)
        Buyers and sellers; proposers and receivers, where their numbers are given.
    incomplete : bool
        Preferences may leave out some of the other side.
    """

    id: str
    count: int = 0
    names: tuple[str, ...] = ()
    rates: tuple[Fraction, ...] = ()
    sides: tuple[int, int] = (0, 0)
    incomplete: bool = False

    def __str__(self) -> str:
        if self.rates:
            return f"{self.id}:{','.join(map(str, self.rates))}"
        if any(self.sides):
            some = ",incomplete" if self.incomplete else ""
            return f"{self.id}:{self.sides[0]},{self.sides[1]}{some}"
        if self.names:
            return f"{self.id}:{','.join(self.names)}"
        return f"{self.id}:{self.count}" if self.count else self.id

    @property
    def agents(self) -> int | None:
        """The number of agents, where the setting fixes it."""
        return sum(self.sides) or None

    @property
    def by_good(self) -> bool:
        """Whether what an agent gets is told good by good."""
        return self.id in ("assignment", "combinatorial")

    @property
    def row(self) -> int:
        """How many numbers each agent reports; 0 for a single one."""
        if self.id == "combinatorial":
            return 2**self.count - 1
        return self.count if self.id in ("assignment", "public") else 0


def kind(text: str) -> Kind:
    """Read the text of ``--as``.

    Raises
    ------
    InputError
        Saying how it is written.

    Examples
    --------
    >>> kind("units:2").count, kind("slots:1,1/2").rates
    (2, (Fraction(1, 1), Fraction(1, 2)))
    """
    name, _, rest = text.strip().partition(":")
    if name not in USAGE:
        import difflib

        near = difflib.get_close_matches(name, USAGE, n=1, cutoff=0.4)
        hint = f"did you mean {USAGE[near[0]]}?" if near else f"write {', '.join(USAGE.values())}"
        raise InputError(f"--as: there is no setting '{name}'; {hint}")
    parts = tuple(p.strip() for p in rest.split(",") if p.strip())
    read = READERS.get(name)
    if (read is None) != (not parts) and text.strip() != "matching":
        raise InputError(f"--as: '{text}' is to be written {USAGE[name]}")
    return read(name, parts) if read and parts else Kind(name)


def _counted(name: str, parts: tuple[str, ...]) -> Kind:
    if len(parts) != 1 or not parts[0].isdigit() or int(parts[0]) < 1:
        raise InputError(
            f"--as: {USAGE[name]} takes a positive whole number, not '{','.join(parts)}'"
        )
    return Kind(name, int(parts[0]))


def _named(name: str, parts: tuple[str, ...]) -> Kind:
    if len(parts) == 1:
        return _counted(name, parts)
    if len(set(parts)) < len(parts):
        raise InputError(f"--as: {name} has a name twice in '{','.join(parts)}'")
    return Kind(name, len(parts), names=parts)


def _slots(name: str, parts: tuple[str, ...]) -> Kind:
    try:
        rates = tuple(Fraction(p) for p in parts)
    except (ValueError, ZeroDivisionError):
        raise InputError(
            f"--as: '{','.join(parts)}' are not click-through rates; write slots:1,1/2"
        ) from None
    if min(rates) < 0 or list(rates) != sorted(rates, reverse=True):
        raise InputError(
            "--as: click-through rates are not negative, and do not rise from slot to slot"
        )
    return Kind(name, len(rates), rates=rates)


def _sides(name: str, parts: tuple[str, ...]) -> Kind:
    if len(parts) != 2 or not all(p.isdigit() and int(p) > 0 for p in parts):
        raise InputError(
            f"--as: {USAGE[name]} takes two positive whole numbers, not '{','.join(parts)}'"
        )
    return Kind(name, sides=(int(parts[0]), int(parts[1])))


def _matching(name: str, parts: tuple[str, ...]) -> Kind:
    incomplete = parts[2:] == ("incomplete",)
    return replace(_sides(name, parts[:2] if incomplete else parts), incomplete=incomplete)


READERS: dict[str, Callable[[str, tuple[str, ...]], Kind]] = {
    "units": _counted,
    "slots": _slots,
    "assignment": _named,
    "combinatorial": _named,
    "double": _sides,
    "public": _named,
    "matching": _matching,
}
