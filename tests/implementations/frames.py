"""Auctions on pandas frames: one row for each bidder."""

import pandas as pd


def settle(bids):
    """Returns the frame with the columns "allocation" and "payment"."""
    frame = pd.DataFrame({"bid": list(bids)})
    ranked = frame.sort_values("bid", ascending=False, kind="stable")
    frame["allocation"] = 0
    frame["payment"] = 0
    frame = frame.astype({"payment": object})
    winner = ranked.index[0]
    frame.loc[winner, "allocation"] = 1
    if len(ranked) > 1:
        frame.loc[winner, "payment"] = ranked["bid"].iloc[1]
    return frame


def settle_by_label(bids):
    """After sorting, the second row is looked up by its label and not by its position."""
    frame = pd.DataFrame({"bid": list(bids)})
    ranked = frame.sort_values("bid", ascending=False, kind="stable")
    frame["allocation"] = [int(i == ranked.index[0]) for i in frame.index]
    price = ranked["bid"][1] if len(ranked) > 1 else 0
    frame["payment"] = [price if won else 0 for won in frame["allocation"]]
    return frame
