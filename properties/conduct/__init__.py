"""How a mechanism behaves when it is run: what is said of code, and that auctions end."""
