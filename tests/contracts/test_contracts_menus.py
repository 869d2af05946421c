"""Menus: what is taken, what is refused, and that the rule says what the definitions say."""

import json
import random
from fractions import Fraction as F
from itertools import product
from pathlib import Path

import jsonschema
import pytest

from mechanism.contracts import (
    Menu,
    expression,
    menu_from,
    menu_json,
    read_menu,
    reward_minus_cost,
    type_times_value,
)
from mechanism.contracts.json_text import schema
from mechanism.contracts.problem import read_problem
from mechanism.errors import InputError, RuleError
from proofs import audit
from proofs.evaluated import margins
from proofs.replay import replay
from properties.registry import property_of

NOTES = {
    "id": "static-is-not-enough", "types": ["1/2", 1], "prior": ["1/2", "1/2"],
    "payoff": {"family": "reward-minus-cost-over-type", "cost": "q"},
    "items": [{"q": 1, "r": 2}, {"q": 2, "r": 3}],
    "transition": [[1, 0], [0, 1]],
    "second": [[{"q": 1, "r": 3}, {"q": 2, "r": 4}], [{"q": 1, "r": 2}, {"q": 2, "r": 3}]],
}  # fmt: skip


def changed(**parts: object) -> dict:
    return {**NOTES, **parts}


def finding(rule, name):
    (found,) = audit(rule, properties=[name], cache=False)
    return found.findings[0]


def test_the_example_of_the_notes():
    menu = menu_from(NOTES)
    for name in ("first-period-ic", "second-period-ic", "menu-ir", "first-period-ir", "second-period-ir"):  # fmt: skip
        assert finding(menu.rule, name).verdict == "proved", name
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict == "refuted"
    assert found.evidence.margin == 1  # the persistent L gets 2 by truth and 3 by reporting H first
    assert dict(found.evidence.instance.roles) == {"i": 1, "j": 0}


def test_the_example_of_the_notes_with_independent_types():
    half = ["1/2", "1/2"]
    menu = menu_from(changed(transition=[half, half]))
    # 2 by the truth, counting both periods: (3-2) + 1/2*(3-2) = 3/2; 5/2 by the lie.
    assert finding(menu.rule, "intertemporal-ic").evidence.margin == 1


def test_optimal_and_truthful_continuation_are_told_apart():
    # After a first report of type 0 the second menu is not incentive compatible: type 1 takes item 0.
    menu = menu_from(changed(second=[[[1, "7/2"], [1, 2]], [[1, 2], [2, 3]]]))
    assert finding(menu.rule, "intertemporal-ic").verdict == "refuted"
    assert finding(menu.rule, "intertemporal-ic-truthful").verdict == "proved"


def by_definition(menu: Menu, name: str) -> dict[tuple[int, ...], F]:
    """The margins written out, for r - q/theta."""
    types = [F(str(t)) for t in menu.types]
    first = [(F(str(q)), F(str(r))) for q, r in menu.items]
    second = [[(F(str(q)), F(str(r))) for q, r in row] for row in menu.second]
    chance = [[F(str(p)) for p in row] for row in menu.transition]
    every, delta = range(len(types)), F(str(menu.discount))

    def u(t, item):
        return item[1] - item[0] / types[t]

    def total(k, m, best):
        later = [max(u(n, second[m][s]) for s in every) if best else u(n, second[m][n]) for n in every]  # fmt: skip
        return u(k, first[m]) + delta * sum(p * x for p, x in zip(chance[k], later))

    truth = {k: total(k, k, False) for k in every}
    return {
        "first-period-ic": {(k, m): u(k, first[m]) - u(k, first[k]) for k in every for m in every if k != m},
        "second-period-ic": {(h, k, m): u(k, second[h][m]) - u(k, second[h][k])
                             for h in every for k in every for m in every if k != m},
        "intertemporal-ic": {(k, m): total(k, m, True) - truth[k] for k in every for m in every if k != m},
        "intertemporal-ic-truthful": {(k, m): total(k, m, False) - truth[k] for k in every for m in every if k != m},
        "menu-ir": {(k,): -truth[k] for k in every},
        "second-period-ir": {(h, k): -u(k, second[h][k]) for h in every for k in every},
        "limited-liability": {(k,): -first[k][1] for k in every},
    }[name]  # fmt: skip


def random_menu(rng: random.Random, count: int) -> Menu:
    def number():
        return F(rng.randint(0, 8), rng.randint(1, 4))

    def row():
        return [(number(), number() - 1) for _ in range(count)]

    def chances():
        weights = [rng.randint(0, 3) + (k == 0) for k in range(count)]
        return [F(w, sum(weights)) for w in weights]

    types = sorted(rng.sample(range(1, 12), count))
    return Menu(types=types, prior=chances(), items=row(), payoff=reward_minus_cost("q"),
                transition=[chances() for _ in range(count)], second=[row() for _ in range(count)],
                discount=F(rng.randint(0, 4), 4))  # fmt: skip


@pytest.mark.parametrize("name", [
    "first-period-ic", "second-period-ic", "intertemporal-ic", "intertemporal-ic-truthful", "menu-ir",
    "second-period-ir", "limited-liability",
])  # fmt: skip
def test_margins_are_those_of_the_definition(name):
    rng = random.Random(7)
    for count in (1, 2, 3):
        menu = random_menu(rng, count)
        found = {
            tuple(roles.values()): m for roles, m, _ in margins(property_of(name).on(menu.rule))
        }
        assert found == by_definition(menu, name)


def test_a_refutation_replays_and_its_twin_has_the_largest_gain():
    rng = random.Random(3)
    menu = random_menu(rng, 3)
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict == "refuted"
    worst = max(by_definition(menu, "intertemporal-ic").values())
    shown = found.evidence.robust or found.evidence
    assert shown.margin == worst
    again = replay(found.evidence, rule=menu.rule)
    assert again.reproduced
    assert again.checked.margin == found.evidence.margin


def test_budget_pooling_and_monotone_quality():
    menu = menu_from(changed(budget=5, items=[[1, 2], [1, 2]]))
    # (2 + 2)/2 in the first period; 3 after type 0 and 3 after type 1 in the second.
    assert finding(menu.rule, "menu-budget").verdict == "proved"
    short = menu_from(changed(budget="49/10", items=[[1, 2], [1, 2]]))
    assert finding(short.rule, "menu-budget").evidence.margin == F(1, 10)
    assert finding(menu.rule, "separation").verdict == "refuted"
    assert finding(menu.rule, "monotone-quality").verdict == "proved"
    falling = menu_from(changed(items=[[2, 5], [1, 2]]))
    assert finding(falling.rule, "monotone-quality").evidence.margin == 1


@pytest.mark.parametrize(("payoff", "holds"), [
    (reward_minus_cost("q**2"), True),
    (reward_minus_cost([[0, 0], [1, 1], [2, 4]]), True),
    (type_times_value([[0, 0], [1, 2], [3, 3]], "q**2/2"), True),
    (expression("r - theta*q"), False),
])  # fmt: skip
def test_single_crossing(payoff, holds):
    menu = Menu(types=[1, 2, 3], prior=[1, 0, 0], items=[(1, 1)] * 3, payoff=payoff)
    found = finding(menu.rule, "single-crossing")
    assert found.verdict == ("proved" if holds else "refuted")


def test_local_constraints_suffice_for_any_number_of_types():
    (found,) = audit("mechanism.contracts.general:ANY_MENU", properties=["local-ic-suffices"], cache=False)  # fmt: skip
    assert found.findings[0].verdict == "proved"
    assert found.findings[0].scope.agents == (1, None)
    assert str(found.findings[0].scope) == "any number of types"


def test_the_induction_needs_each_of_its_premises():
    from dataclasses import replace

    from mechanism.contracts.general import ANY_MENU
    from proofs.engines.engine import Budget
    from proofs.engines.neighbours import prove
    from properties.property import Chain, Check

    wanted = property_of("local-ic-suffices")
    assert prove(wanted.on(ANY_MENU), Budget()).status == "proved"
    without_crossing = replace(ANY_MENU, assumptions=())
    assert prove(wanted.on(without_crossing), Budget()).status == "unknown"
    bare = Chain(wanted.chain.order, lambda t, i, j: Check(wanted.chain.link(t, i, j).margin))
    not_monotone = replace(wanted, chain=bare)
    assert prove(not_monotone.on(ANY_MENU), Budget()).status == "unknown"


def test_local_constraints_do_not_suffice_for_two_periods():
    """A generous item that, after report 0, only the highest second-period type wants."""
    item, stay, move = [0, 0], "9/10", "1/20"
    menu = menu_from({
        "types": ["1/3", "1/2", 1], "prior": ["1/3"] * 3,
        "payoff": {"family": "reward-minus-cost-over-type", "cost": "q"},
        "items": [[0, -1], item, item],
        "transition": [[stay, move, move], [move, stay, move], [move, move, stay]],
        "second": [[item, item, [20, 40]], [item] * 3, [item] * 3],
    })  # fmt: skip
    found = finding(menu.rule, "local-intertemporal-ic-suffices")
    assert found.verdict == "refuted"
    assert dict(found.evidence.instance.roles) == {"i": 2, "j": 0}
    assert found.evidence.margin == 17


def test_the_solver_finds_such_a_menu():
    from mechanism.contracts.general import CORRELATED
    from proofs.lowering.obligation import instance_of, lower
    from proofs.solver import solve
    from properties.check import check

    obligation = property_of("local-intertemporal-ic-suffices").on(CORRELATED)
    roles = dict(zip(obligation.roles, (2, 0)))
    lowered = lower(obligation, {"agent": 3}, roles)
    told = solve(lowered.assertions)
    assert told.status == "sat"
    assert check(obligation, instance_of(lowered, told.values)).violated


BAD = [
    ({"prior": ["1/2", "1/3"]}, "prior: the chances sum to 5/6, not to 1"),
    ({"transition": [[1, 0], ["1/2", "1/4"]]}, "transition row 1: the chances sum to 3/4, not to 1"),
    ({"transition": [[1, 0], ["3/2", "-1/2"]]}, "transition row 1: a chance is negative"),
    ({"types": [1, "1/2"]}, "types: 1/2 after 1 is out of order"),
    ({"types": [1, 1]}, "types: 1 after 1 is repeated"),
    ({"types": [0, 1]}, "types: 0 is not positive"),
    ({"items": [[-1, 2], [2, 3]]}, "items: the quality -1 of type 0 is negative"),
    ({"second": [[[1, 3], [2, 4]]]}, "second: there must be 2 entries, one for each first report, not 1"),
    ({"second": [[[1, 3], [-2, 4]], [[1, 2], [2, 3]]]}, "items after first report 0: the quality -2 of type 1 is negative"),
    ({"items": [[1, 2]]}, "items: there must be 2 entries"),
    ({"items": [[1, 2], [2]]}, "items, type 1: give a quality q and a reward r"),
    ({"discount": -1}, "discount: -1 is negative"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "sqrt(q)"}}, "rational"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "q + 1"}}, "c(0) must be 0, not 1"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": [[0, 0], [1, 2], [2, 3]]}}, "not convex"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "x"}}, "'x' is not known; the names are q"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "__import__('os')"}}, "may hold numbers"),
    ({"payoff": {"family": "quadratic"}}, "payoff: give a family"),
    ({"surplus": [[0, 0], [1, 1], [2, 3]]}, "not concave"),
    ({"prices": 3}, "'prices' is no field of a menu"),
    ({"kind": "three-period-menu"}, "is no kind of menu"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "told"), BAD, ids=[told for _, told in BAD])
def test_bad_input_is_one_clear_error(parts, told):
    with pytest.raises((InputError, RuleError)) as error:
        menu_from(changed(**parts))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_float_is_not_a_number():
    with pytest.raises(InputError, match="exactly"):
        Menu(types=[0.5, 1], prior=[1, 0], items=[(1, 1)] * 2, payoff=reward_minus_cost("q"))


def test_json_there_and_back(tmp_path: Path):
    for data in (NOTES, changed(budget="7/3", surplus="4*q - q**2", discount="9/10")):
        menu = menu_from(data)
        written = menu_json(menu)
        jsonschema.validate(written, json.loads(schema("menu")))
        path = tmp_path / "menu.json"
        path.write_text(json.dumps(written))
        again = read_menu(path)
        assert again == menu
        assert again.rule.given == menu.rule.given


def test_a_number_with_a_point_in_json_is_what_is_written(tmp_path: Path):
    path = tmp_path / "menu.json"
    path.write_text(
        json.dumps(changed(prior=["P", "Q"])).replace('"P"', "0.1").replace('"Q"', "0.9")
    )
    assert [str(p) for p in read_menu(path).prior] == ["1/10", "9/10"]


@pytest.mark.parametrize("name", ["menu", "problem"])
def test_the_copies_of_the_schemas_in_the_docs(name):
    copy = Path(__file__).parents[2] / f"docs/reference/{name}.schema.json"
    assert copy.read_text("utf-8") == schema(name)


@pytest.mark.parametrize(("text", "told"), [
    ('{"types": [1, 2,]}', "no comma before a closing bracket"),
    ('{"types": [1, 2], }', "no comma before a closing bracket"),
    ('{"types": [1, 2],\n}', "no comma before a closing bracket"),
    ("{'types': [1]}", 'JSON has double quotes: "types"'),
    ('{"types": [1] // two\n}', "JSON has no comments"),
    ('{"types": [NaN]}', "NaN is not a number; write 3, 0.1 or '3/7'"),
    ('{"types": [1', "is not JSON that can be read"),
])  # fmt: skip
def test_where_json_breaks_it_is_told_what_to_write(text, told, tmp_path):
    path = tmp_path / "menu.json"
    path.write_text(text)
    for read in (read_menu, read_problem):
        with pytest.raises(InputError) as error:
            read(path)
        assert told in str(error.value)
        assert "\n" not in str(error.value)


def test_a_word_in_the_place_of_a_number_is_told():
    with pytest.raises(InputError, match=r"'NaN' is not a number; write 3, '3/7' or '0\.1'"):
        menu_from(changed(prior=["NaN", 1]))


def test_a_property_of_auctions_is_not_about_a_menu():
    assert finding(menu_from(NOTES).rule, "dsic").verdict == "not-applicable"
    (found,) = audit("second-price", properties=["menu-ic"], cache=False)
    assert found.findings[0].verdict == "not-applicable"
    (whole,) = audit(menu_from(NOTES).rule, cache=False)
    assert "dsic" not in [f.property for f in whole.findings]


def test_twenty_types_are_audited_in_time():
    count = 20
    every = range(count)
    items = [(k, k) for k in every]
    menu = Menu(types=[F(k + 1) for k in every], prior=[F(1, count)] * count, items=items,
                payoff=reward_minus_cost("q**2"), second=[items for _ in every],
                transition=[[F(k == n) for n in every] for k in every])  # fmt: skip
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict in ("proved", "refuted")
    assert found.seconds < 30
    assert len(list(product(every, repeat=2))) == 400


def test_a_menu_runs_and_is_shown_like_any_rule(tmp_path: Path, capsys):
    from proofs.cli import main

    menu = menu_from(NOTES)
    outcome = menu.rule.run()
    assert outcome.allocation == (1, 2)
    assert outcome.payments == (-2, -3)
    with pytest.raises(InputError, match="nobody reports anything"):
        menu.rule.run_batch()
    path = tmp_path / "menu.json"
    path.write_text(json.dumps(NOTES))
    assert main(["show", str(path)]) == 0
    told = capsys.readouterr().out
    assert "type i gets: q[i]" in told
    assert "reports" not in told


def test_saved_counterexamples_replay_from_their_files(tmp_path: Path, monkeypatch, capsys):
    from proofs.cli import main

    monkeypatch.chdir(tmp_path)
    Path("menu.json").write_text(json.dumps(NOTES))
    assert main(["audit", "menu.json", "--save", "lies", "--json", "audit.json", "--no-cache"]) == 1
    saved = sorted(Path("lies").glob("*.json"))
    assert {f.stem for f in saved} == {
        "static-is-not-enough-intertemporal-ic",
        "static-is-not-enough-intertemporal-ic-truthful",
    }
    for file in saved:
        assert main(["replay", str(file)]) == 1
    repaired = changed(second=[[[1, 2], [2, 3]]] * 2)
    Path("menu.json").write_text(json.dumps(repaired))
    assert main(["audit", "menu.json", "--no-cache"]) == 0
    capsys.readouterr()


def test_json_of_an_audit_is_valid_and_read_back():
    from proofs.report.json import audits_from, document
    from proofs.report.json import schema as audit_schema

    menu = menu_from(NOTES).rule
    (found,) = audit(menu, cache=False)
    data = json.loads(json.dumps(document([found], rules={menu.id: menu})))
    jsonschema.validate(data, json.loads(audit_schema()))
    (again,) = audits_from(data)
    assert again.findings == found.findings


def test_a_menu_in_a_python_file(tmp_path: Path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from mechanism.contracts import Menu, reward_minus_cost\n"
        "MENU = Menu(types=[1, 2], prior=['1/2', '1/2'], items=[(1, 1), (2, 3)], payoff=reward_minus_cost('q**2'))\n"
    )
    (found,) = audit(f"{file}:MENU", properties=["menu-ic"], cache=False)
    assert found.findings[0].verdict == "proved"
