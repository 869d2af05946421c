"""Matchings with sides of different sizes, capacities and incomplete lists, against the definitions in plain Python."""

from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import hospitals
import pytest

from mechanism.errors import InputError
from mechanism.targets.kinds import kind
from proofs import audit, matchings
from proofs.engines.preferences import count, orders
from proofs.replay import replay
from proofs.report.conduct import beware
from proofs.report.formats import Report
from proofs.report.json_evidence import counterexample_json
from proofs.report.told import headline
from proofs.verdict import Verdict

HERE = Path(__file__).parent
ALL = ("matching-feasibility", "matching-strategyproofness", "stability", "pareto-efficiency")


def verdicts(name, setting, capacities, *properties, **options):
    (found,) = audit(
        f"{HERE}/hospitals.py:{name}",
        as_=setting,
        parameters={"seats" if name == "by_name" else "capacities": capacities},
        properties=properties or ALL,
        **options,
    )
    return {f.property: f for f in found.findings}


def lists(others, incomplete):
    sizes = range(others + 1) if incomplete else (others,)
    return [list(p) for k in sizes for p in permutations(range(others), k)]


def pairs_of(found):
    """Pairs (resident, hospital) of what the code returns."""
    if any(isinstance(v, list) for v in found.values()):
        return {(r, h) for h, held in found.items() for r in held}
    return set(found.items())


def unstable(first, second, pairs, seats):
    if any(h not in first[r] or r not in second[h] for r, h in pairs):
        return True
    for r, h in product(range(len(first)), range(len(second))):
        if (r, h) in pairs or h not in first[r] or r not in second[h]:
            continue
        now = [x for q, x in pairs if q == r]
        held = [q for q, x in pairs if x == h]
        rather = not now or first[r].index(h) < first[r].index(now[0])
        if rather and (
            len(held) < seats[h] or any(second[h].index(r) < second[h].index(q) for q in held)
        ):
            return True
    return False


def overfull(pairs, seats):
    return any(sum(x == h for _, x in pairs) > s for h, s in enumerate(seats))


@pytest.mark.parametrize(
    ("name", "sides", "seats", "incomplete"),
    [
        ("deferred", (2, 2), (2, 1), True),
        ("in_turn", (2, 2), (2, 1), True),
        ("favourites", (2, 2), (1, 1), False),
        ("in_turn", (3, 1), (2,), False),
        ("deferred", (3, 2), (1, 1), False),
        ("favourites", (3, 1), (2,), False),
    ],
)
def test_verdicts_are_those_of_the_definitions(name, sides, seats, incomplete):
    (n, m), code = sides, getattr(hospitals, name)
    refuted = {
        "matching-feasibility": False,
        "stability": False,
        "matching-strategyproofness": False,
    }
    firsts, seconds = lists(m, incomplete), lists(n, incomplete)
    for first in product(firsts, repeat=n):
        for second in product(seconds, repeat=m):
            pairs = pairs_of(code([*map(list, first)], [*map(list, second)], seats))
            full = overfull(pairs, seats)
            refuted["matching-feasibility"] |= full
            refuted["stability"] |= full or unstable(first, second, pairs, seats)
            for r in range(n):
                now = [h for q, h in pairs if q == r]
                for lie in firsts:
                    told = [*first[:r], lie, *first[r + 1 :]]
                    then = [
                        h
                        for q, h in pairs_of(code([*map(list, told)], [*map(list, second)], seats))
                        if q == r
                    ]
                    refuted["matching-strategyproofness"] |= place(first[r], then) < place(
                        first[r], now
                    )
    some = f"matching:{n},{m}" + (",incomplete" if incomplete else "")
    found = verdicts(name, some, seats, *refuted)
    assert {p: f.verdict for p, f in found.items()} == {
        p: Verdict.REFUTED if wrong else Verdict.PROVED for p, wrong in refuted.items()
    }


def place(wishes, partner):
    """The lower the better; who is not listed is worse than nobody."""
    if not partner:
        return len(wishes)
    return wishes.index(partner[0]) if partner[0] in wishes else len(wishes) + 1


def test_places_that_a_lie_gains_are_counted(tmp_path):
    (tmp_path / "code.py").write_text("def last(first, second): return {0: first[0][-1]}")
    (found,) = audit(
        f"{tmp_path}/code.py:last", as_="matching:1,2", properties=["matching-strategyproofness"]
    )
    (one,) = found.findings
    two = replace(one, evidence=replace(one.evidence, margin=2))
    assert "a partner 1 place higher" in headline(one, Report([found]))
    assert "a partner 2 places higher" in headline(two, Report([found]))


def test_capacities_go_to_names_as_a_dict():
    found = verdicts("by_name", "matching:3,2", [2, 1])
    assert {f.verdict for f in found.values()} == {Verdict.PROVED}
    assert found["stability"].scope.agents == (5, 5)


def test_totality_is_asked_of_matchings():
    found = verdicts("breaking", "matching:2,2", (1, 1), "totality", "feasibility")
    total = found["matching-totality"]
    assert total.verdict is Verdict.REFUTED
    assert total.against_claim
    assert total.evidence.instance.tables["v"][:2] == ((0, 0, 2, 1), (0, 0, 2, 1))
    assert replay(counterexample_json(total.evidence)).reproduced
    assert found["matching-feasibility"].verdict is Verdict.UNREFUTED


def test_totality_decides_only_where_it_is_asked_for():
    (found,) = audit(
        f"{HERE}/hospitals.py:breaking", as_="matching:2,2", parameters={"capacities": (1, 1)}
    )
    (total,) = [f for f in found.findings if f.property == "matching-totality"]
    assert total.verdict is Verdict.REFUTED
    assert not total.against_claim
    assert beware(found.findings) == "there is no outcome for this profile (matching-totality)"


def test_a_refusal_is_an_answer():
    found = verdicts("refusing", "matching:2,1,incomplete", (1,), "totality")
    assert found["matching-totality"].verdict is Verdict.PROVED


def test_a_claim_about_a_matching_by_its_short_name():
    found = verdicts("deferred", "matching:2,1", (1,), claims={"strategyproofness": "fails"})
    assert found["matching-strategyproofness"].claim == "fails"
    assert found["matching-strategyproofness"].against_claim


def test_too_many_profiles_are_sampled(monkeypatch):
    monkeypatch.setattr(matchings, "MOST", 100)
    monkeypatch.setattr(matchings, "SOME", 1.0)
    found = verdicts("deferred", "matching:3,2", [2, 1], "stability", "matching-feasibility")
    assert {f.verdict for f in found.values()} == {Verdict.UNREFUTED}
    assert "288 profiles" in found["stability"].reason
    found = verdicts("in_turn", "matching:3,2", [2, 1], "stability")
    assert found["stability"].verdict is Verdict.REFUTED


def test_profiles_are_counted():
    assert len(orders(3, False)) == 6
    assert len(orders(3, True)) == 16
    assert count((3, 2), kind("matching:3,2")) == 2**3 * 6**2


@pytest.mark.parametrize("text", ["matching", "matching:3,2", "matching:3,2,incomplete"])
def test_settings_of_matchings(text):
    assert str(kind(text)) == text


@pytest.mark.parametrize(
    ("setting", "capacities", "told"),
    [
        ("matching", [2, 1], "matching:PROPOSERS,RECEIVERS"),
        ("matching:3,2", [2], "for each receiver"),
        ("matching:3,2", [2, 0], "positive whole number"),
        ("matching:3", [2], "two positive whole numbers"),
    ],
)
def test_capacities_that_do_not_fit(setting, capacities, told):
    with pytest.raises(InputError, match=told):
        verdicts("deferred", setting, capacities)
