"""FMMRA, the multi-round auction of Zhou et al. 2026: its model, its instances and its simulation."""
