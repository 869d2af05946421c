"""Simulation studies: what auctions come to on random draws, beside what is proved of them."""
