"""How each part of the rule language is written in LaTeX."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter, tex_greek_dictionary, translate

from mechanism.evaluate.reading import (
    common_denominator,
    flipped,
    lowest_of,
    minus,
    negative,
    summand,
)
from mechanism.language import At, Binder, Cases, Entry, Index, KthHighest, Sum, Truth

_RELATIONS = {"==": "=", "!=": r"\neq", ">=": r"\geq", "<=": r"\leq", ">": ">", "<": "<"}


def symbol(name: str, italic: bool = False) -> str:
    """A name in mathematics: single letters as they are, Greek ones by name, words upright."""
    if name.endswith("'"):
        return f"{symbol(name[:-1])}'"
    if name.startswith("v_"):  # the true types behind the report of that name
        return f"v^{{{symbol(name[2:])}}}"
    if " " in name:
        return rf"\text{{{name}}}"
    if len(name) == 1:
        return name
    if name in tex_greek_dictionary or translate(name).startswith("\\"):
        return translate(name)
    numbered = re.fullmatch(r"([A-Za-z])(\d+)", name)
    if numbered:
        return f"{numbered[1]}_{{{numbered[2]}}}"
    return rf"\{'mathit' if italic else 'mathrm'}{{{name.replace('_', ' ')}}}"


def _order_statistic(expr: Any) -> bool:
    """Whether this is the k-th highest of all reports, for which there is the usual ``b_{(k)}``."""
    if not isinstance(expr, KthHighest) or not isinstance(expr.body, Entry):
        return False
    return expr.body.index == (expr.var,) and expr.where == sp.true


class Symbols(LatexPrinter):
    """Prints in LaTeX; see `mechanism.writing.latex.latex`."""

    printmethod = "_in_latex"  # the methods below, not the nodes'

    # --- operators -----------------------------------------------------------------------------

    def _under(self, expr: Any) -> str:
        var = self._print(expr.var)
        return var if expr.where == sp.true else rf"{var}:\, {self._print(expr.where)}"

    def _body(self, expr: Any) -> str:
        text = self._print(expr)
        return rf"\left({text}\right)" if isinstance(expr, (sp.Add, Cases)) else text

    def _extreme(self, expr: Any, low: bool) -> str:
        name = r"\min" if low else r"\max"
        kth = f"^{{({self._print(expr.k)})}}" if hasattr(expr, "k") else ""
        text = f"{name}{kth}_{{{self._under(expr)}}} {self._body(-expr.body if low else expr.body)}"
        default = getattr(expr, "default", sp.S.Zero) * (-1 if low else 1)
        return (
            text
            if default == 0
            else rf"{text}\ (\text{{or }} {self._print(default)} \text{{ if none}})"
        )

    def _print_KthHighest(self, expr: Any) -> str:
        if lowest_of(expr):
            return rf"-\left({self._extreme(expr, True)}\right)"
        if _order_statistic(expr):
            return f"{symbol(expr.body.family.name)}_{{({self._print(expr.k)})}}"
        return self._extreme(expr, False)

    def _print_Highest(self, expr: Any) -> str:
        low = lowest_of(expr)
        return rf"-\left({self._extreme(expr, True)}\right)" if low else self._extreme(expr, False)

    def _print_ArgMax(self, expr: Any) -> str:
        low = negative(expr.body)
        kind = "min" if low else "max"
        body = self._body(-expr.body if low else expr.body)
        return rf"\operatorname*{{arg\,{kind}}}_{{{self._under(expr)}}} {body}"

    def _print_First(self, expr: Any) -> str:
        return rf"\min \left\{{ {self._under(expr)} \right\}}"

    def _print_Rank(self, expr: Any) -> str:
        low = negative(expr.body)
        body = self._print(-expr.body if low else expr.body)
        arrow = r"\uparrow" if low else r"\downarrow"
        return rf"\operatorname{{rank}}^{{{arrow}}}_{{{self._under(expr)}}}\left({self._print(expr.at)};\, {body}\right)"

    def _print_Sum(self, expr: Any) -> str:
        body, where = summand(expr)
        var = self._print(expr.var)
        if body == 1:
            return rf"\left|\left\{{ {var}:\, {self._print(where)} \right\}}\right|"
        under = var if where == sp.true else rf"{var}:\, {self._print(where)}"
        inner = self._print(body) if isinstance(body, Sum) else self._body(body)
        return rf"\sum_{{{under}}} {inner}"

    def _quantified(self, sign: str, expr: Any) -> str:
        return rf"{sign} {self._under(expr)}:\, {self._print(expr.body)}"

    def _print_Exists(self, expr: Any) -> str:
        return self._quantified(r"\exists", expr)

    def _print_ForAll(self, expr: Any) -> str:
        return self._quantified(r"\forall", expr)

    def _print_Greedy(self, expr: Any) -> str:
        order, clash = self._print(expr.body), self._print(expr.conflict)
        var, other = self._print(expr.var), self._print(expr.other)
        return (
            rf"{self._print(expr.at)} \in \operatorname{{greedy}}_{{{self._under(expr)}}}"
            rf"\left({order};\, {var} \perp {other} \Leftrightarrow {clash}\right)"
        )

    def _print_Cases(self, expr: Any) -> str:
        rows = []
        for value, condition in expr.args:
            when = r"\text{otherwise}" if condition == sp.true else self._print(condition)
            rows.append(f"{self._print(value)} & {when}")
        table = r" \\ ".join(rows)
        return rf"\begin{{cases}} {table} \end{{cases}}"

    def _several(self, name: str, expr: Any) -> str:
        return rf"\{name}\left\{{{', '.join(self._print(a) for a in expr.args)}\right\}}"

    def _print_Max(self, expr: Any, exp: Any = None) -> str:
        return self._several("max", expr)

    def _print_Min(self, expr: Any, exp: Any = None) -> str:
        return self._several("min", expr)

    # --- families ------------------------------------------------------------------------------

    def _print_Entry(self, expr: Any) -> str:
        name, index = symbol(expr.family.name), ",".join(self._print(i) for i in expr.index)
        return f"{name}_{{{index}}}" if index else name

    _print_Flag = _print_Entry

    def _print_Nth(self, expr: Any) -> str:
        values = ", ".join(self._print(v) for v in expr.values)
        return rf"\left({values}\right)_{{{self._print(expr.index)}}}"

    def _print_Applied(self, expr: Any) -> str:
        name = f"{symbol(expr.family.name)}_{{{self._print(expr.index)}}}"
        return rf"{name}\left({self._print(expr.argument)}\right)"

    def _print_Inverse(self, expr: Any) -> str:
        name = f"{symbol(expr.family.name)}_{{{self._print(expr.index)}}}^{{-1}}"
        return rf"{name}\left({self._print(expr.argument)}\right)"

    def _print_SameFunction(self, expr: Any) -> str:
        family, one, other = expr.args
        name = symbol(family.name)
        return rf"{name}_{{{self._print(one)}}} \equiv {name}_{{{self._print(other)}}}"

    def _print_Awards(self, expr: Any) -> str:
        outcome, agent, good = (self._print(a) for a in expr.args)
        return rf"{outcome}\left({good}\right) = {agent}"

    def _print_Contains(self, expr: Any) -> str:
        bundle, good = (self._print(a) for a in expr.args)
        return rf"{good} \in {bundle}"

    def _print_Named(self, expr: Any) -> str:
        return symbol(expr.name, italic=True)

    _print_NamedFlag = _print_Named

    # --- worlds --------------------------------------------------------------------------------

    def _print_At(self, expr: Any) -> str:
        bound = ",\\, ".join(f"{k} = {self._print(v)}" for k, v in expr.bindings if k != v)
        above = rf"^{{\mathrm{{{expr.world}}}}}" if expr.world else ""
        below = f"_{{{bound}}}" if bound else ""
        if not above and not below:
            return self._print(expr.expr)
        return rf"\left[{self._print(expr.expr)}\right]{above}{below}"

    _print_Truth = _print_At

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        """What an agent has in a world, in a property's formula."""
        if not isinstance(expr, AppliedUndef):
            return super()._print_Function(expr, exp)
        name, args = type(expr).__name__, expr.args
        star = "*" if name.endswith("*") else ""
        name = {"Delta": r"\Delta", "theta": r"\theta"}.get(name, name.rstrip("*'")) + (
            "'" if "'" in name else ""
        )
        if not args or isinstance(args[0], Index):
            return f"{name}_{{{','.join(map(self._print, args))}}}"
        world, *agents = args
        who = f"_{{{self._print(agents[0])}}}" if agents else ""
        over = rf"^{{{star + ', ' if star else ''}\mathrm{{{world}}}}}"
        rest = ", ".join(map(self._print, agents[1:]))
        return f"{name}{who}{over}" + (rf"\left({rest}\right)" if rest else "")

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        named = re.fullmatch(r"(\w+)\((.*)\)", expr.name)
        if not named:
            return super()._print_Symbol(expr, style)
        args = [a for a in named[2].split(", ") if a not in ("", "()")]
        texts = [a if len(a) == 1 else rf"\mathrm{{{a}}}" for a in args]
        name = rf"\text{{{named[1].replace('_', ' ')}}}"
        return rf"{name}\left({', '.join(texts)}\right)" if texts else name

    def _print_Index(self, expr: Any) -> str:
        return symbol(expr.name)

    # --- arithmetic and logic ------------------------------------------------------------------

    def _wrapped(self, expr: Any) -> str:
        text = self._print(expr)
        whole = text.startswith(r"\left") or _order_statistic(expr)
        needs = isinstance(expr, (Binder, Cases, sp.Add, At)) and not whole
        low = isinstance(expr, sp.Mul) and text.startswith(r"\min")
        return rf"\left({text}\right)" if needs or low else text

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        shared = common_denominator(expr)
        terms = [shared * term for term in self._as_ordered_terms(expr, order=order)]
        sign = "-" if all(map(minus, terms)) else ""
        if sign:
            terms = [-t for t in terms]
        text = self._signed(sorted(terms, key=minus))
        if shared > 1:
            return rf"{sign}\frac{{{text}}}{{{shared}}}"
        return rf"-\left({text}\right)" if sign else text

    def _signed(self, terms: list[Any]) -> str:
        text = ""
        for term in terms:
            sign = (" - " if minus(term) else " + ") if text else ("-" if minus(term) else "")
            text += sign + self._wrapped(-term if minus(term) else term)
        return text

    def _print_Mul(self, expr: Any) -> str:
        coefficient, factors = flipped(expr)
        if expr.is_commutative and not any(isinstance(f, (Binder, Cases)) for f in factors):
            return super()._print_Mul(expr)
        above, below = [], []
        for factor in factors:
            base, power = factor.as_base_exp()
            if power.is_negative:
                below.append(self._wrapped(base**-power))
            elif lowest_of(factor):
                above.append(self._extreme(factor, True))
            else:
                above.append(self._wrapped(factor))
        if len(above) > 1:
            above = [rf"\left({a}\right)" if a.startswith((r"\min", r"\max")) else a for a in above]
        numerator, denominator = abs(coefficient.p), coefficient.q
        top = r" \cdot ".join([*([str(numerator)] if numerator != 1 or not above else []), *above])
        bottom = r" \cdot ".join([*([str(denominator)] if denominator != 1 else []), *below])
        sign = "-" if coefficient < 0 else ""
        return sign + (rf"\frac{{{top}}}{{{bottom}}}" if bottom else top)

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {_RELATIONS[expr.rel_op]} {self._print(expr.rhs)}"

    def _inner(self, condition: Any) -> str:
        text = self._print(condition)
        compound = (sp.And, sp.Or, sp.Implies, sp.Equivalent, Binder)
        return rf"\left({text}\right)" if isinstance(condition, compound) else text

    def _join(self, expr: Any, sign: str) -> str:
        return f" {sign} ".join(
            sorted((self._inner(a) for a in expr.args), key=lambda t: (len(t), t))
        )

    def _print_And(self, expr: Any) -> str:
        return self._join(expr, r"\wedge")

    def _print_Or(self, expr: Any) -> str:
        return self._join(expr, r"\vee")

    def _print_Not(self, expr: Any) -> str:
        inner = expr.args[0]
        whole = self._inner(inner)
        return (
            rf"\neg \left({whole}\right)"
            if isinstance(inner, (sp.Rel, Truth))
            else rf"\neg {whole}"
        )

    def _print_Implies(self, expr: Any, altchar: Any = None) -> str:
        return r" \Rightarrow ".join(self._inner(a) for a in expr.args)

    def _print_Equivalent(self, expr: Any, altchar: Any = None) -> str:
        return r" \Leftrightarrow ".join(self._inner(a) for a in expr.args)
