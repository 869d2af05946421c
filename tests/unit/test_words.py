"""How rules and properties read, in words and in LaTeX."""

import re

import pytest
import sympy as sp
from sympy import And, Eq, Ne, Not

from mechanism import (
    ArgMax,
    ArgMin,
    Cases,
    Count,
    Exists,
    ForAll,
    Highest,
    KthHighest,
    KthLowest,
    Lowest,
    Max,
    Min,
    Rank,
    Rule,
    Sum,
    agents,
    increasing_function,
    parameter,
    ranks,
    report,
)
from mechanism.evaluate.reading import Named, NamedFlag, reading
from mechanism.language import At, First, Truth
from mechanism.registry import RULES, rule
from mechanism.writing.latex import formulas, latex
from mechanism.writing.words import describe, words
from properties.registry import PROPERTIES, property_of

i, j, k = agents("i j k")
q = ranks("q")
b = report("b")
want = report("want", over=("agent", "good"), boolean=True)
buyer = parameter("buyer", over="agent", boolean=True)
reserve = parameter("reserve", at_least=0)
w1 = parameter("w1", above=0)
phi = increasing_function("phi")
wins = Eq(i, ArgMax(b[j], j))

READS = [
    # expression, in words, in LaTeX
    (b[i], "b[i]", "b_{i}"),
    (b.truth[i], "v[i]", "v_{i}"),
    (b.lie[i], "b'[i]", "b'_{i}"),
    (want.truth[i, sp.Integer(0)], "v_want[i, 0]", r"v^{\mathrm{want}}_{i,0}"),
    (w1 * b[i] + reserve, "reserve + w1*b[i]", r"\mathrm{reserve} + w_{1} b_{i}"),
    (
        ArgMax(b[j], j, b[j] >= reserve),
        "the agent j with the highest b[j], among those with b[j] ≥ reserve",
        r"\operatorname*{arg\,max}_{j:\, b_{j} \geq \mathrm{reserve}} b_{j}",
    ),
    (ArgMin(b[j], j), "the agent j with the lowest b[j]", r"\operatorname*{arg\,min}_{j} b_{j}"),
    (
        First(b[j] > 1, j),
        "the first agent j with b[j] > 1",
        r"\min \left\{ j:\, b_{j} > 1 \right\}",
    ),
    (Highest(b[j], j, Ne(j, i)), "the highest b[j] with j ≠ i", r"\max_{j:\, j \neq i} b_{j}"),
    (
        Highest(b[j], j, True, reserve),
        "the highest b[j] (or reserve if none)",
        r"\max_{j} b_{j}\ (\text{or } \mathrm{reserve} \text{ if none})",
    ),
    (Lowest(b[j] + 1, j), "the lowest (b[j] + 1)", r"\min_{j} \left(b_{j} + 1\right)"),
    (KthHighest(2, b[j], j), "the 2nd highest b[j]", "b_{(2)}"),
    (KthHighest(11, b[j], j), "the 11th highest b[j]", "b_{(11)}"),
    (
        KthLowest(q + 1, b[j], j, ~buyer[j]),
        "the (q + 1)-th lowest b[j] without buyer[j]",
        r"\min^{(q + 1)}_{j:\, \neg \mathrm{buyer}_{j}} b_{j}",
    ),
    (
        -Lowest(b[j], j) / 2,
        "-(the lowest b[j])/2",
        r"-\frac{\min_{j} b_{j}}{2}",
    ),
    (
        (Highest(b[j], j) + Lowest(b[j], j)) / 2,
        "((the lowest b[j]) + (the highest b[j]))/2",
        r"\frac{\left(\min_{j} b_{j}\right) + \left(\max_{j} b_{j}\right)}{2}",
    ),
    (
        Rank(-b[j], j, i, buyer[j]),
        "the place of i by lowest b[j] among those with buyer[j]",
        r"\operatorname{rank}^{\uparrow}_{j:\, \mathrm{buyer}_{j}}\left(i;\, b_{j}\right)",
    ),
    (Count(True, j), "the number of agents", r"\left|\left\{ j:\, \text{True} \right\}\right|"),
    (Count(buyer[j], j), "#buyer", r"\left|\left\{ j:\, \mathrm{buyer}_{j} \right\}\right|"),
    (
        Count(~buyer[j], j),
        "#not buyer",
        r"\left|\left\{ j:\, \neg \mathrm{buyer}_{j} \right\}\right|",
    ),
    (
        Count(b[j] > 1, j),
        "the number of agents j with b[j] > 1",
        r"\left|\left\{ j:\, b_{j} > 1 \right\}\right|",
    ),
    (
        Sum(b[j] * Cases((1, buyer[j]), (0, True)), j),
        "the sum of b[j] over j with buyer[j]",
        r"\sum_{j:\, \mathrm{buyer}_{j}} b_{j}",
    ),
    (
        Exists(b[j] > b[i], j, Ne(j, i)),
        "some agent j with j ≠ i has b[j] > b[i]",
        r"\exists j:\, j \neq i:\, b_{j} > b_{i}",
    ),
    (ForAll(b[j] >= 0, j), "for every agent j: b[j] ≥ 0", r"\forall j:\, b_{j} \geq 0"),
    (Max(0, b[i]), "max(0, b[i])", r"\max\left\{0, b_{i}\right\}"),
    (Min(0, b[i]), "min(0, b[i])", r"\min\left\{0, b_{i}\right\}"),
    (phi(i, b[i]), "phi[i](b[i])", r"\phi_{i}\left(b_{i}\right)"),
    (phi.inverse(i, b[j]), "phi[i]⁻¹(b[j])", r"\phi_{i}^{-1}\left(b_{j}\right)"),
    (
        Cases((b[i], b[i] > 1), (0, True)),
        "b[i] if b[i] > 1, otherwise 0",
        r"\begin{cases} b_{i} & b_{i} > 1 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (
        And(Not(buyer[i]), b[i] > 1),
        "b[i] > 1 and not buyer[i]",
        r"b_{i} > 1 \wedge \neg \mathrm{buyer}_{i}",
    ),
    (
        At("lie", b[i], (i,), (k,)),
        "[b[i]] for i := k in world 'lie'",
        r"\left[b_{i}\right]^{\mathrm{lie}}_{i = k}",
    ),
    (
        Truth("lie", buyer[i], (i,), (i,)),
        "[buyer[i]] in world 'lie'",
        r"\left[\mathrm{buyer}_{i}\right]^{\mathrm{lie}}",
    ),
]


@pytest.mark.parametrize(("expr", "said", "written"), READS, ids=[said for _, said, _ in READS])
def test_reads(expr, said, written):
    assert words(expr) == said
    assert latex(expr) == written


# One rule of every setting, and together every node of the language.
ONE_OF_EACH = (
    *(
        "myerson",
        "posted-price",
        "uniform-price",
        "posted-price-unlimited",
        "gsp",
        "vcg-double-auction",
    ),
    *("vcg-assignment", "vcg-combinatorial", "vcg-public", "greedy-single-minded"),
)


def every_formula():
    for name in RULES:
        yield from (*rule(name).parts(), *rule(name).setting_parts)
    for property_id in PROPERTIES:
        formula = property_of(property_id).formula
        yield from (sp.sympify(formula.margin), *formula.premises)
        for auction in map(rule, ONE_OF_EACH):
            if not property_of(property_id).suits(auction):
                obligation = property_of(property_id).on(auction)
                yield from (obligation.margin, obligation.violation, *obligation.premises)


def test_every_formula_can_be_printed():
    """Rules, settings, and properties written out for each rule; no node is left to sympy's own words."""
    names = (
        "ArgMax",
        "KthHighest",
        "Highest(",
        "ForAll",
        "Exists",
        "Cases",
        "Binder",
        "Entry",
        "Tuple",
    )
    for expr in set(every_formula()):
        text, tex = words(expr), latex(expr)
        assert not any(name in text + tex for name in names)
        assert tex.count("{") == tex.count("}")
        assert len(re.findall(r"\\left\b", tex)) == len(re.findall(r"\\right\b", tex))
        assert tex.count(r"\begin{cases}") == tex.count(r"\end{cases}")


@pytest.mark.parametrize("name", RULES)
def test_named_parts_stand_for_the_rule(name):
    """Putting the named parts back in gives the rule again."""
    auction = rule(name)
    read = reading(auction)
    if auction.rounds is not None:
        assert (read.allocation, read.payment) == (
            auction.rounds.allocation,
            auction.rounds.payment,
        )
        return
    parts = dict(read.parts)

    def whole(expr):
        swap = {
            n: whole(parts[n.name])
            for n in sp.preorder_traversal(expr)
            if isinstance(n, (Named, NamedFlag))
        }
        return expr.xreplace(swap)

    assert whole(read.allocation) == auction.allocation
    assert whole(read.payment) == auction.payment


@pytest.mark.parametrize("name", RULES)
def test_describes(name):
    auction = rule(name)
    lines = describe(auction)
    assert all("\n" not in line and len(line) < 600 for line in lines)
    heads = [line.split(":")[0] for line in lines]
    assert heads[:2] in (["sold", "reports"], ["decided", "reports"])
    assert {"ties", "agent i pays"} <= set(heads)
    assert ("parameters" in heads) == bool(auction.parameters)
    assert len(formulas(auction)) == len(reading(auction).parts) + 2


def test_describes_what_is_fixed():
    lines = describe(rule("kth-price").with_parameters(k=3).with_ties("any"))
    assert "agent i pays: the 3rd highest b[j] if i = winner, otherwise 0" in lines
    assert "given: k = 3" in lines
    assert "ties: broken in any way, not necessarily the same for different reports" in lines
    assert "given: score = (1, 1/2)" in describe(
        rule("score-auction").with_parameters(score=[1, "1/2"])
    )


def test_describes_queues_assumptions_and_admissible_reports():
    assert "ties: agents stand in a fixed queue that no report can change" in describe(
        rule("posted-price")
    )
    assert "assumes: for every slot q: rate[q] ≥ rate[q + 1]" in describe(rule("gsp"))
    assert "assumes: some good h has want[i, h], for every agent i" in describe(
        rule("greedy-single-minded")
    )


def test_a_rule_with_names_of_its_own():
    """A parameter called K keeps its name; the part that would be called so gets another."""
    capital = parameter("K", at_least=0)
    count = Count(And(b[j] >= capital, Ne(b[j], 2), Ne(b[j], 3)), j)
    price = Cases((count + capital, count > 2), (2 * count, True))
    own = Rule(id="own", reports=b, agent=i, allocation=Cases((1, wins), (0, True)), payment=price)
    names = [name for name, _ in reading(own).parts]
    assert sorted(names) == ["N", "winner"]
