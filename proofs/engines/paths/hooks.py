"""What takes the place of builtins and of functions of the standard library, for numbers that are proxies.

On plain numbers each does what the original does.
"""

from __future__ import annotations

import builtins
import decimal
import fractions
import heapq
import importlib
import math
import statistics
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from proofs.engines.paths import tokens
from proofs.engines.paths.choice import lazy_max, lazy_min, lazy_sorted
from proofs.engines.paths.control import found_or_stopped, running
from proofs.engines.paths.injection import Shim
from proofs.engines.paths.proxy import Proxy, floor, plain


class _Stands(type):
    """The class of a class that stands for a number type: `convert` takes proxies and tokens."""

    original: Any
    accepts: bool

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if args:
            value = tokens.read(args[0]) if isinstance(args[0], str) else args[0]
            if isinstance(value, Proxy):
                return cls.convert(value)
        return cls.original(*args, **kwargs)

    def convert(cls, value: Proxy) -> Any:
        return value

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.original) or (cls.accepts and isinstance(instance, Proxy))

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return subclass is cls or issubclass(subclass, cls.original)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.original, name)

    def __eq__(cls, other: Any) -> bool:
        return other is cls or other is cls.original

    def __hash__(cls) -> int:
        return hash(cls.original)


class _Float(metaclass=_Stands):
    original, accepts = float, True


class _Int(metaclass=_Stands):
    original, accepts = int, False

    @staticmethod
    def convert(value: Proxy) -> Any:
        return value.__trunc__()


class _Fraction(metaclass=_Stands):
    original, accepts = fractions.Fraction, False


class _Decimal(metaclass=_Stands):
    original, accepts = decimal.Decimal, False

    @staticmethod
    def convert(value: Proxy) -> Any:
        running().note("decimal")
        return value


_STAND_IN: dict[Any, Any] = {float: _Float, int: _Int}
for _kind in (_Float, _Int, _Fraction, _Decimal):
    _kind.__name__ = _kind.__qualname__ = _kind.original.__name__


class _TypeOf(type):
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) != 1:
            return builtins.type(*args, **kwargs)
        kind = builtins.type(args[0])
        return _Float if kind is Proxy else _STAND_IN.get(kind, kind)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, builtins.type)

    def __getattr__(cls, name: str) -> Any:
        return getattr(builtins.type, name)


class _Type(metaclass=_TypeOf):
    """Stands for `type`, so that ``type(x) is float`` is true of a proxy."""


BUILTINS: dict[str, Any] = {
    "sorted": lazy_sorted, "max": lazy_max, "min": lazy_min, "float": _Float, "int": _Int, "type": _Type,
    "open": found_or_stopped(open),
}  # fmt: skip


# --- math, statistics ------------------------------------------------------------------------------


def any_proxy(values: Any) -> bool:
    """Whether there is a proxy among arguments, or in a list among them."""
    return any(
        isinstance(v, Proxy) or (isinstance(v, (list, tuple)) and any_proxy(v)) for v in values
    )


def guarded(name: str, original: Callable) -> Callable:
    """The original, that names its place where it meets a proxy."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if any_proxy(args) or any_proxy(kwargs.values()):
            raise running().stop("stop", f"{name} of a report has no exact form")
        return original(*args, **kwargs)

    return call


def either(original: Callable, exact: Callable) -> Callable:
    """The exact version where a proxy is among the arguments."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if any_proxy(args) or any_proxy(kwargs.values()):
            return exact(*args, **kwargs)
        return original(*args, **kwargs)

    return call


def isclose(a: Any, b: Any, *, rel_tol: Any = 1e-09, abs_tol: Any = 0.0) -> bool:
    """As `math.isclose`."""
    if any(isinstance(plain(x), float) for x in (a, b)):
        return bool(a == b)
    gap = abs(a - b)
    return bool(gap <= abs(a) * rel_tol or gap <= abs(b) * rel_tol or gap <= abs_tol)


def _mean(data: Any, *args: Any) -> Any:
    values = list(data)
    if not values:
        raise statistics.StatisticsError("mean requires at least one data point")
    return sum(values) / len(values)


def _nlargest(n: int, iterable: Any, key: Any = None) -> Any:
    return lazy_sorted(iterable, key=key, reverse=True)[: max(n, 0)]


def _nsmallest(n: int, iterable: Any, key: Any = None) -> Any:
    return lazy_sorted(iterable, key=key)[: max(n, 0)]


_EXACT: dict[str, dict[str, Callable]] = {
    "math": {
        "floor": floor,
        "ceil": lambda x: -floor(-x),
        "trunc": lambda x: x.__trunc__(),
        "sqrt": lambda x: x**0.5,
        "fabs": abs,
        "isclose": isclose,
        "isnan": lambda x: False,
        "isinf": lambda x: False,
        "isfinite": lambda x: True,
        "fsum": sum,
        "prod": lambda values, *, start=1: math.prod(values, start=start),
        "dist": lambda p, q: sum((a - b) * (a - b) for a, b in zip(p, q)) ** 0.5,
        "pow": lambda a, b: a**b,
    },
    "statistics": {"mean": _mean, "fmean": _mean},
}


@cache
def shims() -> dict[str, ModuleType]:
    """The modules that are replaced, by name."""
    from proofs.engines.paths.arrays import numpy_shim

    made: dict[str, ModuleType] = {"numpy": numpy_shim()}
    for module in (math, statistics):
        exact = _EXACT[module.__name__]
        replaced: dict[str, Any] = {}
        for name in dir(module):
            original = getattr(module, name)
            if name.startswith("_") or not callable(original) or isinstance(original, type):
                continue
            if name in exact:
                replaced[name] = either(original, exact[name])
            elif module is math:
                replaced[name] = guarded(f"math.{name}", original)
        made[module.__name__] = Shim(module, replaced)
    made["heapq"] = Shim(heapq, {"nlargest": _nlargest, "nsmallest": _nsmallest})
    made["importlib"] = Shim(
        importlib, {"import_module": found_or_stopped(importlib.import_module)}
    )
    made["fractions"] = Shim(fractions, {"Fraction": _Fraction})
    made["decimal"] = Shim(decimal, {"Decimal": _Decimal})
    return made


@cache
def replacements() -> dict[int, Any]:
    """What replaces an object, by its id: modules, functions taken out of them, and builtins."""
    found: dict[int, Any] = {}
    for shim in shims().values():
        real = vars(shim)["_real"]
        found[id(real)] = shim
        for name, hook in vars(shim).items():
            if not name.startswith("_") and hasattr(real, name):
                found[id(getattr(real, name))] = hook
    for name, hook in BUILTINS.items():
        found[id(getattr(builtins, name))] = hook
    return found
