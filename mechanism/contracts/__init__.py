"""Contracts: menus under private types, for one period and for two."""

from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import Payoff, expression, reward_minus_cost, type_times_value
from mechanism.contracts.read import menu_from, menu_json, read_menu

__all__ = [
    "Menu", "Payoff", "expression", "menu_from", "menu_json", "read_menu", "reward_minus_cost",
    "type_times_value",
]  # fmt: skip
