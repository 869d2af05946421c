"""numpy for proxies: arrays that would hold doubles hold objects, and a few functions are exact.

numpy runs most functions on arrays of objects by itself, comparing and adding element by element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.engines.paths.choice import order_of
from proofs.engines.paths.control import running
from proofs.engines.paths.injection import Shim
from proofs.engines.paths.proxy import Proxy


class Array(np.ndarray):
    """An array of objects whose methods do what those of an array of doubles do."""

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        if self.dtype == object and _floating(dtype):
            return self.copy()
        if self.dtype == object and not _symbolic(self):
            return np.asarray(self).astype(dtype, *args, **kwargs)
        if self.dtype == object and np.dtype(dtype).kind in "iu":
            return _each(lambda x: x.__trunc__())(self)
        return super().astype(dtype, *args, **kwargs)

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        if self.dtype != object:
            return super().round(decimals)
        return _each(lambda x: round(x, decimals))(self)

    def argmax(self, axis: Any = None, out: Any = None, **kwargs: Any) -> Any:
        return _argbest(self, True, axis)

    def argmin(self, axis: Any = None, out: Any = None, **kwargs: Any) -> Any:
        return _argbest(self, False, axis)

    def argsort(self, axis: Any = -1, *args: Any, **kwargs: Any) -> Any:
        return np.ndarray.argsort(self, axis=axis, kind="stable").view(np.ndarray)

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("dtype", None)
        return super().sum(*args, **kwargs)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # A single number is that number, as with doubles, and no array without dimensions.
        return array[()] if array.ndim == 0 else array.view(Array)


def _floating(dtype: Any) -> bool:
    """Whether an array of this type would hold doubles."""
    if dtype is None:
        return True
    try:
        return np.dtype(dtype).kind in "fO"
    except TypeError:
        return False


def _symbolic(value: Any) -> bool:
    if isinstance(value, Proxy):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype == object and any(isinstance(x, Proxy) for x in value.flat)
    return isinstance(value, (list, tuple)) and any(_symbolic(v) for v in value)


def _each(change: Callable) -> Callable:
    """Element by element, for arrays and for single numbers."""

    def call(value: Any) -> Any:
        array = np.asarray(value, dtype=object)
        result = np.empty(array.shape, dtype=object)
        for place in np.ndindex(array.shape):
            result[place] = change(array[place])
        return result.view(Array) if array.shape else result[()]

    return call


def _flags(test: Callable) -> Callable:
    def call(*values: Any, **kwargs: Any) -> Any:
        arrays = np.broadcast_arrays(*(np.asarray(v, dtype=object) for v in values))
        result = np.empty(arrays[0].shape, dtype=bool)
        for place in np.ndindex(result.shape):
            result[place] = test(*(a[place] for a in arrays), **kwargs)
        return result if result.shape else bool(result[()])

    return call


def _argbest(array: Any, highest: bool, axis: Any = None) -> Any:
    values = np.asarray(array, dtype=object)
    if axis is not None and values.ndim > 1:
        return np.apply_along_axis(lambda row: _argbest(row, highest), axis, values).astype(int)
    row = list(values.flat)
    order = order_of(row, highest) if len(row) > 1 else None
    if order is None:
        return int((np.argmax if highest else np.argmin)(np.asarray(row)))
    return order.first(list(range(len(row))))


def _isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> bool:
    return bool(abs(a - b) <= atol + rtol * abs(b))


def _made(original: Callable) -> Callable:
    """`np.array` and the like: objects where doubles were asked for, or where a proxy is inside."""

    def call(value: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, (list, tuple, np.ndarray, Proxy)) and hasattr(value, "__iter__"):
            value = list(value)
        if _symbolic(value):
            if dtype is not None and not _floating(dtype):
                return (
                    original(_plainly(value), *args, dtype=object, **kwargs)
                    .view(Array)
                    .astype(dtype)
                )
            return original(_plainly(value), *args, dtype=object, **kwargs).view(Array)
        return original(value, *args, dtype=dtype, **kwargs)

    return call


def _plainly(value: Any) -> Any:
    return [_plainly(v) for v in value] if isinstance(value, (list, tuple)) else value


def _filled(original: Callable, fill: Any) -> Callable:
    """`np.zeros` and the like; the type comes second, or third for `np.full`."""

    def call(shape: Any, *args: Any, **kwargs: Any) -> Any:
        rest = list(args)
        value = rest.pop(0) if fill is None else fill
        dtype = rest[0] if rest else kwargs.get("dtype")
        if dtype is None and fill is None and not isinstance(value, (float, Proxy)):
            return original(shape, value)
        if not _floating(dtype):
            return original(shape, *args, **kwargs)
        result = np.empty(getattr(shape, "shape", shape), dtype=object)
        result.fill(value)
        return result.view(Array)

    return call


def _like(original: Callable, fill: Any) -> Callable:
    def call(value: Any, dtype: Any = None, **kwargs: Any) -> Any:
        if dtype is None and _symbolic(value):
            return np.full(np.shape(value), fill, dtype=object).view(Array)
        return original(value, dtype=dtype, **kwargs)

    return call


def _when_symbolic(original: Callable, exact: Callable) -> Callable:
    def call(*args: Any, **kwargs: Any) -> Any:
        if any(_symbolic(a) for a in args):
            return exact(*args, **kwargs)
        return original(*args, **kwargs)

    return call


def _where(test: Any, *values: Any) -> Any:
    if not values:
        return np.where(np.asarray(test, dtype=bool))
    test, one, other = np.broadcast_arrays(
        np.asarray(test, dtype=bool), *(np.asarray(v, dtype=object) for v in values)
    )
    result = np.empty(test.shape, dtype=object)
    for place in np.ndindex(test.shape):
        result[place] = one[place] if test[place] else other[place]
    return result.view(Array)


def _number(original: Any) -> Callable:
    class Stands(type):
        def __call__(cls, value: Any = 0) -> Any:
            return value if _symbolic(value) else original(value)

        def __instancecheck__(cls, instance: Any) -> bool:
            return isinstance(instance, (original, Proxy))

        def __getattr__(cls, name: str) -> Any:
            return getattr(original, name)

    return Stands(original.__name__, (), {"dtype": original})


def _stop(name: str) -> Callable:
    def call(*args: Any, **kwargs: Any) -> Any:
        raise running().stop("stop", f"np.{name} of reports has no exact form")

    return call


def numpy_shim() -> Shim:
    """Numpy as the code under audit sees it."""
    replaced: dict[str, Any] = {
        "array": _made(np.array),
        "asarray": _made(np.asarray),
        "zeros": _filled(np.zeros, 0),
        "ones": _filled(np.ones, 1),
        "empty": _filled(np.empty, 0),
        "full": _filled(np.full, None),
        "zeros_like": _like(np.zeros_like, 0),
        "ones_like": _like(np.ones_like, 1),
        "float64": _number(np.float64),
        "float32": _number(np.float32),
        "argsort": _when_symbolic(
            np.argsort, lambda a, axis=-1, kind=None, **k: np.argsort(np.asarray(a, dtype=object), axis=axis, kind="stable")
        ),
        "argmax": _when_symbolic(np.argmax, lambda a, axis=None, **k: _argbest(a, True, axis)),
        "argmin": _when_symbolic(np.argmin, lambda a, axis=None, **k: _argbest(a, False, axis)),
        "where": lambda test, *values: (
            _where(test, *values) if any(_symbolic(v) for v in values) else np.where(test, *values)
        ),
    }  # fmt: skip
    exact: dict[str, Callable] = {
        "isclose": _flags(_isclose),
        "allclose": lambda a, b, **k: bool(np.all(_flags(_isclose)(a, b, **k))),
        "isnan": _flags(lambda x: False),
        "isinf": _flags(lambda x: False),
        "isfinite": _flags(lambda x: True),
        "round": lambda a, decimals=0: _each(lambda x: round(x, decimals))(a),
        "around": lambda a, decimals=0: _each(lambda x: round(x, decimals))(a),
        "sqrt": _each(lambda x: x**0.5),
        "sign": _each(lambda x: (x > 0) - (x < 0)),
        "median": lambda a, **k: _median(a),
        **{name: _stop(name) for name in ("exp", "log", "log2", "log10", "log1p", "sin", "cos", "nextafter")},
    }  # fmt: skip
    for name, function in exact.items():
        replaced[name] = _when_symbolic(getattr(np, name), function)
    return Shim(np, replaced)


def _median(values: Any) -> Any:
    from proofs.engines.paths.choice import lazy_sorted

    row = lazy_sorted(np.asarray(values, dtype=object).flat)
    middle = len(row) // 2
    return row[middle] if len(row) % 2 else (row[middle - 1] + row[middle]) / 2
