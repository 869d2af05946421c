"""Ordinary code in many styles: the verdict is what is true of it, and never another one."""

import paths_corpus
import pytest
from paths_corpus import CORPUS
from paths_rules import rule_of, verdict, winner_pays

FILES = [paths_corpus.__file__]


@pytest.mark.parametrize(
    ("function", "dsic", "rational"), CORPUS, ids=lambda p: getattr(p, "__name__", None)
)
def test_the_verdict_is_the_truth(function, dsic, rational):
    rule = rule_of(winner_pays(function), FILES, function.__name__)
    for n in (2, 3):
        said, told = verdict(rule, "dsic", n)
        assert said == ("proved" if dsic else "refuted"), told.notes
        assert not told.soft
        said, _ = verdict(rule, "ex-post-ir", n)
        assert said == ("proved" if rational else "refuted")


def test_what_the_code_raises_is_told_with_its_line():
    told = verdict(rule_of(winner_pays(paths_corpus.raises_on_tie), FILES), "dsic", 3)[1]
    line = paths_corpus.raises_on_tie.__code__.co_firstlineno + 3
    assert {str(leaf.crash) for leaf in told.crashes} == {f"ValueError: tie ({FILES[0]}:{line})"}
