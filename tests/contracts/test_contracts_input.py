"""Menus as they come in and go out: bad input, JSON, Python files, the command line."""

import json
from pathlib import Path

import jsonschema
import pytest
from menu_cases import NOTES, changed

from mechanism.contracts import (
    Menu,
    menu_from,
    menu_json,
    read_menu,
    reward_minus_cost,
)
from mechanism.contracts.json_text import schema
from mechanism.contracts.problem import read_problem
from mechanism.errors import InputError, RuleError
from proofs import audit

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
