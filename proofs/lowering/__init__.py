"""From the rule language to formulas for Z3, and from its models back to bidders and bids."""
