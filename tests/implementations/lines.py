"""A program of its own: JSON lines in, JSON lines out."""

import json
import sys


def answer(bids):
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return {"winner": order[0], "price": bids[order[1]] if len(order) > 1 else 0}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line)["bids"])), flush=True)
