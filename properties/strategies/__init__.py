"""Hypothesis strategies: numbers, profiles, parameters, and whole instances of a question about a rule.

Examples
--------
>>> from hypothesis import given
>>> from mechanism.registry import rule
>>> from properties.registry import property_of
>>> from properties.check import check
>>> question = property_of("dsic").on(rule("second-price"))
>>> @given(instances(question, agents=(2, 4)))
... def test_nobody_gains_by_a_lie(instance):
...     assert not check(question, instance).violated
>>> test_nobody_gains_by_a_lie()
"""

from properties.strategies.instance import instances
from properties.strategies.number import rationals, virtual_values
from properties.strategies.profile import parameters, profiles, sizes

__all__ = ["instances", "parameters", "profiles", "rationals", "sizes", "virtual_values"]
