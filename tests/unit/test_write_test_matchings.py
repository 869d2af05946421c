"""`--write-test` of matchings: what is written fails on the code that is wrong, and passes once that is right."""

from pathlib import Path

import pytest
from plain_pytest import outcomes, run

from proofs import audit
from proofs.report.formats import FORMATS, Report
from proofs.verdict import Verdict

HOSPITALS = Path(__file__).parents[1] / "targets" / "hospitals.py"
OWN = '''
def right(residents, hospitals, capacities=None):
    held = deferred(residents, hospitals, capacities or [1] * len(hospitals))
    return [(r, h) for h, some in held.items() for r in some]

def worst_first(men, women):
    """Pairs: men choose in turn, by their lists turned round."""
    return set(in_turn([wishes[::-1] for wishes in men], women, [1] * len(women)).items())

def by_women(women, men):
    """Pairs (woman, man), where men propose."""
    return [(w, m) for m, w in right(men, women)]

def hall(students, schools, seats):
    """By name: schools take whoever comes, with one seat too many."""
    free, found = {s: seats[s] + 1 for s in schools}, {}
    for student, wishes in students.items():
        school = next((s for s in wishes if free[s]), None)
        if school:
            found[student] = school
            free[school] -= 1
    return found
'''
# What makes each right, in the form that it had.
MENDED = {
    "favourites": "favourites = lambda r, h, c: dict(right(r, h, c))",
    "in_turn": "in_turn = lambda r, h, c: dict(right(r, h, c))",
    "breaking": "breaking = deferred",
    "deferred": """
first = deferred
def deferred(residents, hospitals, capacities):
    turned = first(hospitals, residents, [1] * len(residents))
    return {h: [r for r, some in turned.items() if h in some] for h in range(len(hospitals))}
""",
    "worst_first": "worst_first = lambda men, women: set(right(men, women))",
    "by_women": "by_women = lambda women, men: [(w, m) for w, m in right(women, men)]",
    "hall": "hall = by_name",
}
CASES = [
    ("favourites", "matching:2,2", (1, 1), ["matching-feasibility", "stability"], {}),
    ("in_turn", "matching:2,1", (1,), ["stability"], {}),
    ("breaking", "matching:2,2", (1, 1), ["matching-totality"], {}),
    ("deferred", "matching:2,2,incomplete", (1, 1), ["matching-strategyproofness"], {"side": "receivers"}),
    ("worst_first", "matching:2,2", (), ["stability", "pareto-efficiency"], {}),
    ("by_women", "matching:2,2,incomplete", (), ["matching-strategyproofness"], {}),
    ("hall", "matching:3,2", (1, 1), ["matching-feasibility", "stability"], {}),
]  # fmt: skip


@pytest.mark.slow
def test_what_is_written_fails_until_the_code_is_right(tmp_path: Path) -> None:
    """Every property and every form of result; lists, names, capacities and incomplete lists."""
    text, expected = HOSPITALS.read_text("utf-8") + OWN, {}
    for name, setting, seats, properties, options in CASES:
        code, test = tmp_path / f"code_{name}.py", tmp_path / f"test_{name}.py"
        code.write_text(text)
        given = {"seats" if name == "hall" else "capacities": seats} if seats else {}
        target = f"{code}:{name}"
        audits = audit(target, as_=setting, properties=properties, parameters=given, **options)
        assert {f.verdict for f in audits[0].findings} == {Verdict.REFUTED}, target
        test.write_text(FORMATS["write-test"].text(Report(audits, target, file=str(test))))
        expected |= {f"{test.name}::test_{p.replace('-', '_')}": "FAILED" for p in properties}
    told = run(tmp_path).stdout
    assert outcomes(told) == expected, told[-5000:]
    for name, mended in MENDED.items():
        (tmp_path / f"code_{name}.py").write_text(f"{text}\n\n{mended}\n")
    told = run(tmp_path).stdout
    assert outcomes(told) == dict.fromkeys(expected, "PASSED"), told[-5000:]
