"""`--write-test`: each counterexample as a plain test of the code itself, in a pytest without this toolkit."""

import re
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from implementation_rows import FOLDER
from plain_pytest import outcomes, run
from report_samples import AGAINST, PROVED

from mechanism.errors import InputError
from proofs import audit
from proofs.cli import main
from proofs.report.formats import FORMATS, Report
from proofs.report.regression.literals import literal
from proofs.verdict import Audit, Verdict

AUCTION = """
def auction(bids):
    winner = max(range(len(bids)), key=lambda i: bids[i])
    return winner, bids[winner]
"""
MENDED = AUCTION.replace("bids[winner]\n", "sorted(bids)[-2] if len(bids) > 1 else 0\n")


# First-price auctions in unusual forms.
FORMS = """
async def awaited(bids):
    return bids.index(max(bids)), max(bids)

def yielded(bids):
    yield bids.index(max(bids))
    yield max(bids)

def rows(bids):
    sold = (bids == bids.max(axis=1, keepdims=True)).astype(int)
    return {"allocation": sold, "payments": sold * bids}

def clear(bids, asks):
    buyers = sorted(range(len(bids)), key=lambda i: -bids[i])
    sellers = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] >= asks[j] for i, j in zip(buyers, sellers))
    paid, got = [bids[i] for i in buyers[:k]], [asks[j] for j in sellers[:k]]
    return buyers[:k], sellers[:k], paid, got

def clicks(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    slots = [order.index(i) if order.index(i) < 2 else None for i in range(len(bids))]
    return {"slots": slots, "price_per_click": list(bids)}
"""


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("awaited", "single-item"),
        ("yielded", "single-item"),
        ("rows", "single-item"),
        ("clear", "double:2,2"),
        ("clicks", "slots:1,1/2"),
    ],
)
def test_unusual_forms(
    name: str, setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop.py").write_text(FORMS)
    monkeypatch.chdir(tmp_path)
    call = ["audit", f"shop.py:{name}", "--as", setting, "--max-agents", "2", "--property", "dsic"]
    assert main([*call, "--no-cache", "--write-test", "test_shop.py"]) == 1
    told = run(tmp_path).stdout
    assert outcomes(told) == {"test_shop.py::test_dsic": "FAILED"}
    assert "assert lying <= truthful + 1e-9\nE" in told  # which fails, and nothing before it


def test_a_bug_that_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "tests").mkdir()
    code, tests = tmp_path / "shop" / "auction.py", tmp_path / "tests" / "test_auction.py"
    code.write_text(AUCTION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    call = ["audit", "shop/auction.py:auction", "--as", "single-item", "--max-agents", "2"]
    asked = ["--property", "dsic", "--property", "strong-budget-balance", "--no-cache"]
    assert main([*call, *asked, "--write-test", str(tests)]) == 1
    capsys.readouterr()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["shop", "tests"]  # and nothing else
    assert outcomes(run(tests.parent).stdout) == {
        "test_auction.py::test_dsic": "FAILED",
        "test_auction.py::test_strong_budget_balance": "FAILED",
    }
    code.write_text(MENDED)
    assert outcomes(run(tests.parent).stdout)["test_auction.py::test_dsic"] == "PASSED"


HANGS = """
def auction(bids):
    while list(bids) == [0, 0]:
        pass
    return bids.index(max(bids)), max(bids)
"""


def test_a_hang_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.py").write_text(HANGS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("proofs.report.regression.claims.patience", lambda target: 0.5)
    call = ["audit", "shop.py:auction", "--as", "single-item", "--agents", "2", "--timeout", "0.2"]
    asked = ["--property", "totality", "--no-cache", "--write-test", "test_shop.py"]
    assert main([*call, *asked]) == 1
    assert outcomes(run(tmp_path).stdout) == {"test_shop.py::test_totality": "FAILED"}
    (tmp_path / "shop.py").write_text(HANGS.replace("while", "if"))
    assert outcomes(run(tmp_path).stdout) == {"test_shop.py::test_totality": "PASSED"}


def test_a_file_without_a_test_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "shop.py").write_text(MENDED)
    monkeypatch.chdir(tmp_path)
    call = ["audit", "shop.py:auction", "--as", "single-item", "--max-agents", "2"]
    asked = ["--property", "dsic", "--no-cache", "--write-test", "test_shop.py"]
    assert main([*call, *asked]) == 0
    assert "test_shop.py: holds no test" in capsys.readouterr().err


CASES = [
    ("lists.py:ties_sell_twice", "single-item", ["feasibility"]),
    ("lists.py:sorts_in_place", "single-item", ["dsic", "unchanged-inputs", "anonymity"]),
    ("bidders.py:all_pay", "single-item", ["ex-post-ir", "losers-pay-nothing"]),
    ("bidders.py:proxy_bidding", "single-item", ["dsic"]),
    ("arrays.py:discriminatory", "units:2", ["dsic"]),
    ("arrays.py:lowest_winning_price", "units:2", ["dsic"]),
    ("frames.py:settle_by_label", "single-item", ["dsic"]),
    ("house.py:sealed_with_reserve", "single-item", ["efficiency"]),
    ("desk.py:three_brokers", "single-item", ["strong-budget-balance"]),
    ("desk.py:scored_pays_score", "single-item", ["dsic", "ex-post-ir"]),
    ("desk.py:procure_pays_ask", "procurement", ["dsic"]),
    ("desk.py:divides", "single-item", ["totality"]),
    ("vcg.py:assignment_pays_marginal", "assignment:2", ["dsic"]),
    ("vcg.py:majority_with_equal_shares", "public:2", ["dsic", "ex-post-ir"]),
    ("bundles.py:pay_your_bid", "combinatorial:2", ["strong-budget-balance"]),
    ("exchange.py:midpoint", "double:2,2", ["dsic"]),
    ("exec:{c}/truncates", "single-item", ["efficiency"]),
]


@pytest.mark.slow
def test_every_form_of_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str]
) -> None:
    monkeypatch.chdir(FOLDER)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path / "hypothesis"))
    expected = {}
    for n, (target, setting, names) in enumerate(CASES):
        target = target.format_map(programs)
        agents = {"exchange.py:midpoint": 4, "desk.py:three_brokers": 3}.get(target)
        most = {"search.py:gsp": 3, "arrays.py:lowest_winning_price": 3}.get(target, 2)
        audits = audit(
            target, as_=setting, properties=names, agents=agents, max_agents=most, cache=False
        )
        refuted = {f.property for f in audits[0].findings if f.verdict is Verdict.REFUTED}
        assert refuted == set(names), target
        file = tmp_path / f"test_{n}.py"
        file.write_text(FORMATS["write-test"].text(Report(audits, target, file=str(file))))
        expected |= {f"{file.name}::test_{name.replace('-', '_')}": "FAILED" for name in names}
    done = run(tmp_path)
    assert outcomes(done.stdout) == expected, done.stdout[-5000:]
    # They fail by their assertions, but for the one whose code breaks.
    reasons = re.findall(r"^FAILED \S+ - (.*)", done.stdout, re.M)
    assert [r for r in reasons if "assert" not in r] == ["ZeroDivisionError: division by zero"]


def test_where_there_is_nothing_to_replay() -> None:
    told = FORMATS["write-test"].text(Report([Audit("x", {}, (PROVED,))], "x.py:f"))
    assert told == f"{told.splitlines()[0]}\n"
    assert "no counterexample" in told
    compile(told, "test_x.py", "exec")


def test_a_rule_has_no_code_to_test() -> None:
    with pytest.raises(InputError, match="--as"):
        FORMATS["write-test"].text(Report([Audit("first-price", {}, (AGAINST,))], "first-price"))


@pytest.mark.parametrize(
    "value",
    [
        [Fraction(1, 2), 3, 0.5, None, True, "a'b"],
        ((1,), (1, 2), ()),
        {"A": [Fraction(2)], frozenset({0, 1}): {1, 2}},
        SimpleNamespace(bid=Fraction(1, 3), id="A"),
    ],
    ids=str,
)
def test_values_as_text(value) -> None:
    names = {"Fraction": Fraction, "SimpleNamespace": SimpleNamespace}
    assert eval(literal(value), names) == value


def test_arrays_and_frames_as_text() -> None:
    names = {"np": np, "pd": pd, "Fraction": Fraction}
    array = np.array([Fraction(1, 2), 3], dtype=object)
    assert (eval(literal(array), names) == array).all()
    series = pd.Series([1, 2], index=["A", "B"])
    assert eval(literal(series), names).equals(series)
    frame = pd.DataFrame({"bid": [1, 2], "name": ["A", "B"]})
    assert eval(literal(frame), names).equals(frame)
