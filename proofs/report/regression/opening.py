"""How the tests of a file get at the code that they are about, as a function `run`; pieces of plain Python."""

from __future__ import annotations

import ast
import os
import shlex
from pathlib import Path

from mechanism.targets import classes
from mechanism.targets.forms import MANY_ROWS, ONE_ROW
from mechanism.targets.place import module_at
from mechanism.targets.target import Target
from proofs.report.regression.literals import literal

FROM_FILE = """\
FILE = Path(__file__).resolve().parent / "{file}"
sys.path.insert(0, str(FILE.parent))
spec = util.spec_from_file_location(FILE.stem, FILE)
module = util.module_from_spec(spec)
sys.modules[FILE.stem] = module
spec.loader.exec_module(module)"""
FROM_MODULE = """\
sys.path.insert(0, str(Path(__file__).resolve().parent / "{folder}"))
module = import_module("{module}")"""
PROGRAM = '''\
FOLDER = Path(__file__).resolve().parent / "{folder}"


def run(**request):
    """The answer of the program to one line."""
    line = json.dumps(request) + "\\n"
    done = subprocess.run({command}, input=line, cwd=FOLDER, capture_output=True, text=True, timeout={seconds})
    return json.loads(done.stdout.splitlines()[0], parse_float=Fraction)'''
# For code that hung: a thread that is left behind, since nothing can end it.
WITHIN = '''\
def within(seconds, call):
    """What a call comes to, if that takes no longer."""
    done = Future()

    def work():
        try:
            done.set_result(call())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return done.result(timeout=seconds)'''
_RUN = "def run(*args, **kwargs):\n    return {made}"
# Of a class that is told bid by bid.
TOLD = """\
def run(bids, **kwargs):
    made = {made}
    for bid in bids:
        made.{add}({bid})
    result = made.{method}()
    return {result}"""
ROW = '''\
def row(result):
    """The part of a result that belongs to the only row."""
    if isinstance(result, dict):
        return {{name: row(part) for name, part in result.items()}}
    return tuple(map(row, result)) if isinstance(result, tuple) else result[0]'''
# How a function is called, by what it returns.
RUNS = {
    "": "run = module.{name}",
    "rows": f"{ROW}\n\n\n{_RUN.format(made='row(module.{name}(*args, **kwargs))')}",
    "yield": _RUN.format(made="list(module.{name}(*args, **kwargs))"),
    "async": _RUN.format(made="asyncio.run(module.{name}(*args, **kwargs))"),
}
IMPORTS = {
    "asyncio.": "import asyncio",
    "json.": "import json",
    "subprocess.": "import subprocess",
    "sys.": "import sys",
    "threading.": "import threading",
    "Future(": "from concurrent.futures import Future",
    "deepcopy(": "from copy import deepcopy",
    "Fraction": "from fractions import Fraction",
    "util.": "from importlib import util",
    "import_module(": "from importlib import import_module",
    "product(": "from itertools import product",
    "Path(": "from pathlib import Path",
    "SimpleNamespace(": "from types import SimpleNamespace",
    "np.": "import numpy as np",
    "pd.": "import pandas as pd",
}


def imports(text: str) -> str:
    """The imports that some code needs."""
    return "\n".join(line for sign, line in IMPORTS.items() if sign in text)


def opening(target: Target, folder: Path) -> str:
    """The lines at the head of a file in a folder."""
    if target.place.startswith("exec:"):
        return _program(target, folder)
    place, _, name = target.place.rpartition(":")
    if place.endswith(".py"):
        where = Path(os.path.relpath(Path(place).resolve(), folder)).as_posix()
        load = FROM_FILE.format(file=where)
    else:
        load = FROM_MODULE.format(
            folder=Path(os.path.relpath(Path.cwd(), folder)).as_posix(), module=place
        )
    run = _method(target) or RUNS[_comes(target)].format(name=name)
    return f"{load}\n{run}" if run.startswith("run") else f"{load}\n\n\n{run}"


def patience(target: Target) -> float:
    """Seconds that a test waits for an answer."""
    return max(10, target.seconds)


def _comes(target: Target) -> str:
    """What a function returns in place of its result: ``rows``, ``yield``, ``async``, or nothing of that kind."""
    if target.reading is not None and target.reading.style in (MANY_ROWS, ONE_ROW):
        return "rows"
    place, _, name = target.place.rpartition(":")
    if not Path(place).is_file():
        return ""
    for node in ast.parse(Path(place).read_text("utf-8")).body:
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name:
            return "async"
        if isinstance(node, ast.FunctionDef) and node.name == name:
            yields = (ast.Yield, ast.YieldFrom)
            return "yield" if any(isinstance(n, yields) for n in ast.walk(node)) else ""
    return ""


def _program(target: Target, folder: Path) -> str:
    words = shlex.split(target.place.removeprefix("exec:"))
    here = Path(os.path.relpath(Path.cwd(), folder)).as_posix()
    return PROGRAM.format(folder=here, command=words, seconds=patience(target))


def _method(target: Target) -> str:
    """How a method is called, on an object of its own each time; nothing for what is no such method."""
    place, _, name = target.place.rpartition(":")
    owner, whose, method = classes.method_of(module_at(place), place, name)
    if whose is None:
        return ""
    own = ", ".join(f"{n}={literal(v)}" for n, v in target.parameters)
    if classes.made_of_bids(whose, method, [n for n, _ in target.parameters]):
        return _RUN.format(made=f"module.{owner}(*args, **kwargs).{method}()")
    adder = classes.adder_of(whose, method)
    if adder is None:
        return _RUN.format(made=f"module.{owner}({own}).{method}(*args)")
    return TOLD.format(
        made=f"module.{owner}({own})",
        add=adder.name,
        bid="*bid" if adder.takes == 2 else "bid",
        method=method,
        result="result" if classes.returns(getattr(whose, method)) else "made",
    )
