"""How each part of the rule language is said."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from mechanism.evaluate.reading import (
    common_denominator,
    flipped,
    lowest_of,
    minus,
    negative,
    summand,
)
from mechanism.language import At, Binder, Cases, Flag, ForAll, Greedy, Index, Sum, Truth
from mechanism.language.family import SameFunction

NOUNS = {"partition": "allocation"}
# Written as more than one word, so that they need parentheses inside a formula.
_PHRASES = (Binder, Cases, At, Truth)


def _noun(index: Any) -> str:
    return NOUNS.get(index.sort, index.sort)


def _ordinal(k: Any, text: str) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    if isinstance(k, sp.Integer):
        return f"{k}{endings.get(int(k) % 10, 'th') if int(k) % 100 not in (11, 12, 13) else 'th'}"
    return f"{text}-th" if text.isalnum() else f"({text})-th"


class Phrases(StrPrinter):
    """Prints in words; see `mechanism.writing.words.words`."""

    printmethod = "_in_words"  # not the nodes' own `_sympystr`

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        text = self._print(item)
        phrase = isinstance(item, _PHRASES) and not text.startswith("#")
        if level > 0 and (phrase or text.startswith("the ")):
            return f"({text})"
        return super().parenthesize(item, level, strict)

    def _with(self, where: Any) -> str:
        if where == sp.true:
            return ""
        if isinstance(where, sp.Not) and isinstance(where.args[0], Flag):
            return f" without {self._print(where.args[0])}"
        return f" with {self._print(where)}"

    def _extreme(self, expr: Any, low: bool) -> str:
        """What a `Highest` or `KthHighest` is called; `low`: its body is to be read negated."""
        body = self.parenthesize(-expr.body if low else expr.body, PRECEDENCE["Add"])
        kth = f"{_ordinal(expr.k, self._print(expr.k))} " if hasattr(expr, "k") else ""
        over = "" if expr.var.sort == "agent" else f" over {_noun(expr.var)}s {expr.var}"
        default = getattr(expr, "default", sp.S.Zero)
        text = f"the {kth}{'lowest' if low else 'highest'} {body}{over}{self._with(expr.where)}"
        return (
            text
            if default == 0
            else f"{text} (or {self._print(-default if low else default)} if none)"
        )

    def _print_Highest(self, expr: Any) -> str:
        low = lowest_of(expr)
        return f"-({self._extreme(expr, True)})" if low else self._extreme(expr, False)

    _print_KthHighest = _print_Highest

    def _print_ArgMax(self, expr: Any) -> str:
        low = negative(expr.body)
        body = self.parenthesize(-expr.body if low else expr.body, PRECEDENCE["Add"])
        kind = "lowest" if low else "highest"
        return f"the {_noun(expr.var)} {expr.var} with the {kind} {body}" + (
            "" if expr.where == sp.true else f", among those{self._with(expr.where)}"
        )

    def _print_First(self, expr: Any) -> str:
        return f"the first {_noun(expr.var)} {expr.var} with {self._print(expr.where)}"

    def _print_Rank(self, expr: Any) -> str:
        low = negative(expr.body)
        body = self._print(-expr.body if low else expr.body)
        among = "" if expr.where == sp.true else f" among those{self._with(expr.where)}"
        return (
            f"the place of {self._print(expr.at)} by {'lowest' if low else 'highest'} {body}{among}"
        )

    def _print_Sum(self, expr: Any) -> str:
        body, where = summand(expr)
        if body == 1:
            flag = where.args[0] if isinstance(where, sp.Not) else where
            if getattr(flag, "index", None) == (expr.var,):  # the number of agents that have a flag
                return f"#{'not ' if flag is not where else ''}{flag.family.name}"
            with_ = f" {expr.var}{self._with(where)}" if where != sp.true else ""
            return f"the number of {_noun(expr.var)}s{with_}"
        over = [expr.var]
        while isinstance(body, Sum):
            over.append(body.var)
            body, inner = summand(body)
            where = sp.And(where, inner)
        summed = self.parenthesize(body, PRECEDENCE["Add"])
        return f"the sum of {summed} over {', '.join(map(str, over))}{self._with(where)}"

    def _print_Exists(self, expr: Any) -> str:
        return f"some {_noun(expr.var)} {expr.var}{self._with(expr.where)} has {self._print(expr.body)}"

    def _print_ForAll(self, expr: Any) -> str:
        each = f"for every {_noun(expr.var)} {expr.var}{self._with(expr.where)}"
        return (
            f"{each}, {self._print(expr.body)}"
            if isinstance(expr.body, ForAll)
            else f"{each}: {self._print(expr.body)}"
        )

    def _print_Greedy(self, expr: Greedy) -> str:
        order = f"{_noun(expr.var)}s {expr.var}{self._with(expr.where)} in the order of the highest {self._print(expr.body)}"
        clash = f"no {expr.other} taken before has: {self._print(expr.conflict)}"
        return f"{self._print(expr.at)} is taken, going through {order}, where {expr.var} is taken if {clash}"

    def _print_Cases(self, expr: Any) -> str:
        texts: list[str] = []
        for value, condition in expr.args:
            text = f"({self._print(value)})" if isinstance(value, Cases) else self._print(value)
            if condition == sp.true:
                texts.append(f"otherwise {text}" if texts else text)
                break
            texts.append(f"{text} if {self._print(condition)}")
        return ("; " if len(texts) > 2 else ", ").join(texts)

    def _print_Max(self, expr: Any) -> str:
        kind = type(expr).__name__.lower()
        return f"{kind}({', '.join(self._print(a) for a in expr.args)})"

    _print_Min = _print_Max

    def _print_Nth(self, expr: Any) -> str:
        values = ", ".join(self._print(v) for v in expr.values)
        return f"({values})[{self._print(expr.index)}]"

    def _print_Abs(self, expr: Any) -> str:
        return f"|{self._print(expr.args[0])}|"

    def _print_Entry(self, expr: Any) -> str:
        index = ", ".join(self._print(i) for i in expr.index)
        return f"{expr.family.name}[{index}]" if index else expr.family.name

    _print_Flag = _print_Entry

    def _print_Applied(self, expr: Any) -> str:
        return f"{expr.family.name}[{self._print(expr.index)}]({self._print(expr.argument)})"

    def _print_Inverse(self, expr: Any) -> str:
        return f"{expr.family.name}[{self._print(expr.index)}]⁻¹({self._print(expr.argument)})"

    def _print_SameFunction(self, expr: SameFunction) -> str:
        family, one, other = expr.args
        return f"{family.name}[{self._print(one)}] and {family.name}[{self._print(other)}] are the same"

    def _print_Awards(self, expr: Any) -> str:
        outcome, agent, good = (self._print(a) for a in expr.args)
        return f"{outcome} gives {good} to {agent}"

    def _print_Contains(self, expr: Any) -> str:
        bundle, good = (self._print(a) for a in expr.args)
        return f"{bundle} holds {good}"

    def _print_At(self, expr: Any) -> str:
        bound = [f"{k} := {self._print(v)}" for k, v in expr.bindings if k != v]
        text = self._print(expr.expr)
        inside = f"[{text}]" if bound or expr.world else text
        return (
            inside
            + (f" for {', '.join(bound)}" if bound else "")
            + (f" in world '{expr.world}'" if expr.world else "")
        )

    _print_Truth = _print_At

    def _print_Named(self, expr: Any) -> str:
        return expr.name

    _print_NamedFlag = _print_Named

    # --- names in a property's formula ---------------------------------------------------------

    def _print_Function(self, expr: Any) -> str:
        """``u_i(lie)``: what agent i has in a world."""
        name, args = type(expr).__name__, expr.args
        if not args or isinstance(args[0], Index):
            return f"{name}_{', '.join(map(self._print, args))}"
        world, *agents = map(self._print, args)
        who = f"_{agents[0]}" if agents else ""
        return f"{name}{who}({', '.join([world, *agents[1:]])})"

    def _print_Symbol(self, expr: Any) -> str:
        """A named condition of a property: ``same_holding(truth, i, lie, i)``."""
        if "(" not in expr.name:
            return expr.name
        return expr.name.replace("_", " ").replace(", ()", "").replace("()", "")

    # --- arithmetic and logic ------------------------------------------------------------------

    def _print_Add(self, expr: sp.Add, order: Any = None) -> str:
        shared = common_denominator(expr)
        terms = [shared * term for term in self._as_ordered_terms(expr, order=order)]
        if all(map(minus, terms)):
            return f"-({self._signed([-t for t in terms])}){f'/{shared}' if shared > 1 else ''}"
        text = self._signed(sorted(terms, key=minus))
        return f"({text})/{shared}" if shared > 1 else text

    def _signed(self, terms: list[Any]) -> str:
        """Terms joined by their signs."""
        text = ""
        for term in terms:
            sign = (" - " if minus(term) else " + ") if text else ("-" if minus(term) else "")
            text += sign + self.parenthesize(-term if minus(term) else term, PRECEDENCE["Add"])
        return text

    def _print_Mul(self, expr: sp.Mul) -> str:
        coefficient, factors = flipped(expr)
        if not any(map(lowest_of, factors)):
            return super()._print_Mul(expr)
        low = [f"({self._extreme(f, True)})" for f in factors if lowest_of(f)]
        rest = [f for f in factors if not lowest_of(f)]
        if len(low) == 1 and not rest and abs(coefficient) == 1:
            text = low[0][1:-1]
            return f"-({text})" if coefficient < 0 else text
        above = [str(abs(coefficient.p))] if abs(coefficient.p) != 1 else []
        above += [self.parenthesize(f, PRECEDENCE["Mul"]) for f in rest] + low
        sign = "-" if coefficient < 0 else ""
        return sign + "*".join(above) + (f"/{coefficient.q}" if coefficient.q != 1 else "")

    def _print_Relational(self, expr: Any) -> str:
        sign = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤"}.get(expr.rel_op, expr.rel_op)
        left, right = (self.parenthesize(a, PRECEDENCE["Relational"]) for a in (expr.lhs, expr.rhs))
        return f"{left} {sign} {right}"

    def _join(self, expr: Any, word: str) -> str:
        """Shorter conditions first; inner conditions in parentheses."""
        texts = [self._inner(a) for a in expr.args]
        return f" {word} ".join(sorted(texts, key=lambda t: (len(t), t)))

    def _inner(self, condition: Any) -> str:
        text = self._print(condition)
        simple = not isinstance(condition, (sp.And, sp.Or, sp.Implies, sp.Equivalent, Binder))
        return text if simple else f"({text})"

    def _print_And(self, expr: Any) -> str:
        return self._join(expr, "and")

    def _print_Or(self, expr: Any) -> str:
        return self._join(expr, "or")

    def _print_Not(self, expr: Any) -> str:
        return f"not {self._inner(expr.args[0])}"

    def _print_Implies(self, expr: Any) -> str:
        first, then = expr.args
        return f"if {self._inner(first)} then {self._inner(then)}"

    def _print_Equivalent(self, expr: Any) -> str:
        return " exactly if ".join(self._inner(a) for a in expr.args)

    def _print_BooleanTrue(self, expr: Boolean) -> str:
        return "always"

    def _print_BooleanFalse(self, expr: Boolean) -> str:
        return "never"
