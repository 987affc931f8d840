"""Divides by an expected disagreement of 0 without looking, in plain Python.

rejected by: test_nothing_to_compare_is_undefined, test_always_the_same_answer_is_no_agreement
"""

from collections import Counter
from itertools import permutations


def alpha(ratings, level):
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(level)
    items = [row[row == row].tolist() for row in ratings.to_numpy(float)]
    items = [item for item in items if len(item) > 1]
    pool = Counter(value for item in items for value in item)

    def distance(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(count for value, count in pool.items() if low < value < high)
        return 0 if a == b else ((pool[a] + pool[b]) / 2 + between) ** 2

    apart = {(a, b): distance(a, b) for a in pool for b in pool}
    observed = sum(
        apart[pair] / (len(item) - 1) for item in items for pair in permutations(item, 2)
    )
    expected = sum(pool[a] * pool[b] * far for (a, b), far in apart.items()) / (pool.total() - 1)
    return 1 - observed / expected
