"""Rules and properties in LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy.logic.boolalg import Boolean

from mechanism.evaluate.reading import reading
from mechanism.writing.symbols import Symbols, symbol

if TYPE_CHECKING:
    from mechanism.rule import Rule


def latex(expr: Any) -> str:
    r"""A formula of the rule language, or of a property, in LaTeX.

    Examples
    --------
    >>> from mechanism.language import Highest, KthLowest, agents, report
    >>> from sympy import Ne
    >>> (i, j), b = agents("i j"), report("b")
    >>> print(latex(Highest(b[j], j, where=Ne(j, i))))
    \max_{j:\, j \neq i} b_{j}
    >>> print(latex(KthLowest(2, b[j], j)))
    \min^{(2)}_{j} b_{j}
    """
    return Symbols().doprint(expr)


def formulas(rule: Rule) -> list[str]:
    r"""A rule as equations: the parts that come back, then what an agent gets and pays.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> for line in formulas(rule("all-pay")):
    ...     print(line)
    \mathit{winner} = \operatorname*{arg\,max}_{j} b_{j}
    x_{i} = \begin{cases} 1 & i = \mathit{winner} \\ 0 & \text{otherwise} \end{cases}
    p_{i} = b_{i}
    """
    read = reading(rule)
    gets = f"x_{{{rule.agent}}}" if rule.good is None else f"x_{{{rule.agent},{rule.good}}}"
    if rule.setting.id == "public":
        gets = r"\mathit{outcome}"
    sides = [
        *((symbol(name, italic=True), part) for name, part in read.parts),
        (gets, read.allocation),
        (f"p_{{{rule.agent}}}", read.payment),
    ]
    sign = lambda part: r"\Leftrightarrow" if isinstance(part, Boolean) else "="  # noqa: E731
    return [f"{left} {sign(part)} {latex(part)}" for left, part in sides]
