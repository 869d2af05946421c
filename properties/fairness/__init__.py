"""How agents are treated beside each other."""
