"""Findings made by hand, one of every kind, for the tests of reports."""

from fractions import Fraction

from mechanism.instance import Instance
from proofs.counterexample import Counterexample
from proofs.verdict import Audit, Finding, Number, Proof, Scope, Search, Verdict


def case(target: str, name: str, tables: dict, roles: dict, margin=1, **more) -> Counterexample:
    """A counterexample; numbers may be plain."""
    sizes = {"agent": len(tables["v"]), **more.pop("sizes", {})}
    orders = more.pop("orders", {})
    exact = {key: _exact(table) for key, table in tables.items()}
    instance = Instance(sizes, exact, roles, orders)
    return Counterexample(target, name, instance, Fraction(margin), **more)


def _exact(value):
    if isinstance(value, (list, tuple)):
        return tuple(_exact(v) for v in value)
    return value if isinstance(value, bool) or callable(value) else Fraction(value)


ROBUST = case("first-price", "dsic", {"v": [4, 1], "b'": [2, 1]}, {"i": 0}, 2)
DSIC = case(
    "first-price", "dsic", {"v": [1, 0], "b'": [0, 0]}, {"i": 0}, minimal=True, robust=ROBUST
)
FRACTIONS = case("first-price", "dsic", {"v": ["1/2", 0], "b'": ["1/3", 0]}, {"i": 0}, "1/6")
COALITION = case(
    "second-price", "collusion-proofness", {"v": [2, 1], "b'": [2, 0]}, {"i": 0, "k": 1}
)
TRIO = case(
    "second-price", "strong-group-strategyproofness",
    {"v": [2, 1, 1], "b'": [2, 0, 0]}, {"i": 0, "k": 1, "l": 2}, coalition=3,
)  # fmt: skip
FALSE_NAME = case(
    "vcg-combinatorial", "false-name-proofness",
    {"v": [[0, 0, 3], [0, 0, 2], [0, 0, 0]], "b'": [[2, 0, 2], [0, 0, 0], [0, 2, 2]]},
    {"i": 0, "e": 2}, 2, sizes={"good": 2},
)  # fmt: skip
WITHOUT = case(
    "vcg-combinatorial", "revenue-monotonicity",
    {"v": [[0, 0, 1], [1, 0, 0], [0, 1, 0]]}, {"e": 2}, sizes={"good": 2},
)  # fmt: skip
PARAMETERS = case(
    "fmmra-one-task", "dsic",
    {"v": [2, 1], "b'": [0, 0], "fitness": [2, 0], "w1": 1, "w2": 1}, {"i": 0},
)  # fmt: skip
TIES_ANY = case(
    "kth-price", "dsic", {"v": [2, 1, 0], "b'": [2, 3, 0]}, {"i": 1}, parameters={"k": Fraction(3)},
    ties="any", orders={"truth": (0, 1, 2), "lie": (2, 1, 0)},
)  # fmt: skip
TWO_SIDED = case(
    "average-price-double-auction", "dsic",
    {"v": [2, 0], "b'": [1, 0], "buyer": [True, False]}, {"i": 0}, "1/2",
)  # fmt: skip
BUNDLE = case(
    "greedy-pay-as-bid", "dsic",
    {"v": [2, 1], "v_want": [[True, False], [True, True]],
     "b'": [1, 1], "want'": [[True, False], [True, True]]}, {"i": 0}, sizes={"good": 2},
)  # fmt: skip
PUBLIC = case(
    "vcg-public", "strong-budget-balance", {"v": [[2, 0], [0, 1]]}, {}, sizes={"outcome": 2}
)
EVERY_CASE = (DSIC, FRACTIONS, COALITION, FALSE_NAME, WITHOUT, PARAMETERS, TIES_ANY, TWO_SIDED, BUNDLE,
              PUBLIC)  # fmt: skip

ANY = Scope((2, None))
FOUND = Scope((2, 2))


def finding(name: str, verdict: Verdict, evidence=None, scope=ANY, **more) -> Finding:
    return Finding("first-price", name, verdict, scope, evidence, seconds=0.25, **more)


PROVED = finding(
    "ex-post-ir", Verdict.PROVED,
    Proof("instances", "each of the finitely many ways to choose agents for the bound indices is impossible",
          cutoff=3, steps=("winner = i", "winner is not i"), smt2=(("winner = i", "(assert false)\n(check-sat)\n"),)),
    claim="holds", claim_reference="Krishna 2009", budget={"rlimit": 1200},
)  # fmt: skip
REFUTED = finding(
    "dsic", Verdict.REFUTED, DSIC, FOUND, claim="fails", claim_reference="Vickrey 1961"
)
AGAINST = finding("dsic", Verdict.REFUTED, DSIC, FOUND, claim="holds", condition="k <= 2")
UNASKED = finding("strong-budget-balance", Verdict.REFUTED,
                  case("first-price", "strong-budget-balance", {"v": [1, 0]}, {}, minimal=True), FOUND)  # fmt: skip
UNREFUTED = finding(
    "anonymity", Verdict.UNREFUTED, Search(10_000), Scope((2, 4), ties="any"), claim="holds"
)
UNDECIDED = finding("efficiency", Verdict.UNDECIDED, scope=Scope((3, 3), {"good": (1, 2)}), asked=True,
                    reason="the resource limit was reached")  # fmt: skip
VACUOUS = finding("envy-freeness", Verdict.VACUOUS, reason="no two agents are alike")
SKIPPED = finding(
    "critical-payment", Verdict.NOT_APPLICABLE, reason="agents do not simply win or lose"
)
REGRET = finding("regret", Verdict.PROVED,
                 Number(((2, Fraction(1), True), (3, Fraction(2, 3), False)), DSIC, "maximised exactly"), Scope((2, 3)))  # fmt: skip
BROKEN = finding("totality", Verdict.ERROR, reason="the replay disagrees with the solver")

EVERY = (PROVED, REFUTED, UNASKED, UNREFUTED, UNDECIDED, VACUOUS, SKIPPED, REGRET, BROKEN)
AUDIT = Audit("first-price", {"reserve": Fraction(1, 2)}, EVERY, "First-price auction")
