"""The agents and worlds that properties speak of."""

from __future__ import annotations

from mechanism.language import World, agents

I, K, J, E = agents("i k j e")

TRUTH = World("truth")
LIE = World("lie", ((I, "lie", I),))
PAIR = World("lie", ((I, "lie", I), (K, "lie", K)))
WITHOUT = World("without", absent=(E,))
SWAP = World("swap", ((I, "truth", K), (K, "truth", I)))
