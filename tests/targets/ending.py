"""Second-price auctions that end their process on some bids."""

import ctypes
import os
import signal


def rule(bids):
    w = max(range(len(bids)), key=lambda i: bids[i])
    return w, max((b for i, b in enumerate(bids) if i != w), default=0)


def on_large(bids):
    if max(bids) > 1234:
        os._exit(3)
    return rule(bids)


def on_a_line(bids):
    try:
        if len(bids) == 2 and 2 * bids[0] == bids[1] + 17:
            os.kill(os.getpid(), signal.SIGKILL)
    except:  # noqa: E722
        pass
    return rule(bids)


def often(bids):
    if len(bids) > 1 and bids[0] > bids[1]:
        os._exit(1)
    return rule(bids)


def in_c(bids):
    if max(bids) > 12:
        ctypes.string_at(0)
    return rule(bids)


def on_memory(bids):
    if max(bids) > 4321:
        bytearray(8 << 30)
    return rule(bids)


def hangs(bids):
    while len(bids) > 1 and bids[0] == bids[1] > 0:
        pass
    return rule(bids)
