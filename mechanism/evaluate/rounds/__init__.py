"""Auctions of several rounds: run exactly, in whole tables, and market by market."""
