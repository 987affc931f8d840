"""Plain Python: bisect, Counter and sums."""

import math
from bisect import bisect_left
from collections import Counter


def psi(ref, cur, bins=10):
    old, new = (_plain(column) for column in (ref, cur))
    known = [value for value in old if value is not None]
    if all(not isinstance(value, str) for value in [*known, *new]):
        known.sort()
        cuts = []
        for k in range(1, bins):
            if known and known[math.ceil(k * len(known) / bins) - 1] not in cuts:
                cuts.append(known[math.ceil(k * len(known) / bins) - 1])
        bin_of = {value: bisect_left(cuts, value) for value in [*known, *new] if value is not None}
    else:
        seen = set(known)
        bin_of = {value: (value in seen, value in seen and value) for value in [*known, *new]}
    bin_of[None] = "null"
    p, q = (Counter(bin_of[value] for value in column) for column in (old, new))
    total = 0.0
    for name in p.keys() | q.keys():
        a, b = max(p[name] / len(old), 0.0001), max(q[name] / len(new), 0.0001)
        total += (b - a) * math.log(b / a)
    return total


def _plain(column):
    return [None if null else value for value, null in zip(column, column.isna())]
