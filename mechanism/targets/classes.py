"""Methods as functions of the bids: each call makes an object of its own, so that none remembers another."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mechanism.errors import InputError
from mechanism.targets.place import named

# Methods through which an object is told of one bid after another.
ADDS = re.compile(
    r"((add|place|submit|register|receive|enter|put|record|make|accept|take)_?)?"
    r"(sealed_?)?(bid|ask|offer|bidder|order|participant|player|entry)|add|submit|register|place",
    re.I,
)
ASKS = re.compile("ask|sell", re.I)
AMOUNTS = frozenset(["bid", "ask", "amount", "value", "price", "offer", "valuation", "cost"])
WHOSE = frozenset(["id", "name", "bidder", "user", "who", "by"])
EMPTY = inspect.Parameter.empty
OPEN = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Adder:
    """A method that takes one bid.

    Parameters
    ----------
    name : str
    names : tuple of str
        Of its arguments: one for a whole bid, two for the id and the bid.
    """

    name: str
    names: tuple[str, ...]

    @property
    def takes(self) -> int:
        return len(self.names)

    @property
    def order(self) -> str:
        """The form of what two arguments take, as an annotation; nothing where their names do not tell it."""
        first, *second = map(is_amount, self.names)
        if not second or first == second[0]:
            return ""
        return "list[tuple[float, str]]" if first else "list[tuple[str, float]]"


def is_amount(name: str) -> bool:
    """Whether an argument is called like a bid rather than like who makes it."""
    words = set(name.lower().split("_"))
    return bool(words & AMOUNTS) and not words & WHOSE


def method_of(module: ModuleType, place: str, name: str) -> tuple[str, type | None, str]:
    """The class in words, itself, and the method, of a method or of a class whose objects are called."""
    found, (owner, _, method) = named(module, place, name), name.rpartition(".")
    if isinstance(found, type) and _is_method(found, "__call__"):
        return name, found, "__call__"
    whose = named(module, place, owner) if owner else None
    if isinstance(whose, type) and _is_method(whose, method):
        return owner, whose, method
    return "", None, ""


def _is_method(owner: type, name: str) -> bool:
    found = next((vars(part)[name] for part in owner.__mro__ if name in vars(part)), None)
    return inspect.isfunction(found)


def called(owner: type, name: str, given: Iterable[str]) -> Callable[..., Any]:
    """A method as a function.

    Parameters
    ----------
    owner : type
    name : str
        Of the method.
    given : iterable of str
        The parameters that are told, of the object or of the method.

    Raises
    ------
    InputError
        When objects are made of something that is not told.
    """
    made_of, given = inspect.signature(owner).parameters, set(given)
    method = inspect.signature(getattr(owner, name))
    takes = list(method.parameters.values())[1:]
    if made_of_bids(owner, name, given):
        return _of_bids(owner, name)
    adder = adder_of(owner, name)
    if missing := _missing(owner, given):
        raise InputError(
            f"{owner.__name__} is made with {_listed(missing)}; write --param {missing[0]}=VALUE, or give an object "
            f"that is made: path/file.py:object{'' if name == '__call__' else f'.{name}'}"
        )

    def function(*args: Any, **keywords: Any) -> Any:
        first = {
            n: keywords.pop(n)
            for n in list(keywords)
            if n in made_of and n not in method.parameters
        }
        made = owner(**first)
        if adder is None:
            return getattr(made, name)(*args, **keywords)
        for bid in args[0]:
            getattr(made, adder.name)(*(bid if adder.takes == 2 else (bid,)))
        result = getattr(made, name)(**keywords)
        return result if answers else made

    answers = returns(getattr(owner, name))
    shared = [
        inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY)
        for n in made_of
        if n in given and n not in method.parameters
    ]
    if adder is not None:
        takes = [_bids(adder), *(p.replace(kind=p.KEYWORD_ONLY) for p in takes)]
    function.__signature__ = method.replace(parameters=[*takes, *shared])  # type: ignore[attr-defined]
    return function


def made_of_bids(owner: type, name: str, given: Iterable[str]) -> bool:
    """Whether objects are made of the bids, and the method takes nothing more."""
    takes = list(inspect.signature(getattr(owner, name)).parameters)[1:]
    return not takes and (adder_of(owner, name) is None or bool(_missing(owner, given)))


def _missing(owner: type, given: Iterable[str]) -> list[str]:
    """What objects are made of that is not told."""
    needed = inspect.signature(owner).parameters.items()
    return [
        n for n, p in needed if p.default is EMPTY and p.kind not in OPEN and n not in set(given)
    ]


def _of_bids(owner: type, name: str) -> Callable[..., Any]:
    """The object is made of the bids, and then asked."""

    def made(*args: Any, **keywords: Any) -> Any:
        return getattr(owner(*args, **keywords), name)()

    made.__signature__ = inspect.signature(owner)  # type: ignore[attr-defined]
    return made


def adder_of(owner: type, name: str) -> Adder | None:
    """The method of a class through which it is told of one bid, where another method takes none."""
    found = adders(owner, name)
    # Who takes part may be told by a method of its own: then it takes an adapter.
    return found[0] if len(found) == 1 else None


def adders(owner: type, name: str) -> list[Adder]:
    """The methods through which an object may be told of one bid or bidder, where another method takes none."""
    rest = list(inspect.signature(getattr(owner, name)).parameters.values())[1:]
    if any(p.default is EMPTY for p in rest):
        return []
    found = []
    methods = {n: m for part in reversed(owner.__mro__) for n, m in vars(part).items()}
    for other, method in methods.items():
        if other == name or not inspect.isfunction(method) or not ADDS.fullmatch(other):
            continue
        takes = [
            p for p in list(inspect.signature(method).parameters.values())[1:] if p.default is EMPTY
        ]
        if len(takes) in (1, 2) and not any(p.kind in OPEN for p in takes):
            found.append(Adder(other, tuple(p.name for p in takes)))
    return found


def _bids(adder: Adder) -> inspect.Parameter:
    told: Any = adder.order or EMPTY
    return inspect.Parameter("bids", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=told)


def returns(method: Callable[..., Any]) -> bool:
    """Whether a method returns something, rather than leaving it in the object."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    except (OSError, SyntaxError):
        return True
    return any(
        isinstance(node, ast.Return) and node.value is not None for node in _own(tree.body[0])
    )


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _own(child)


def _listed(names: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in names)
