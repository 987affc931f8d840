"""Counts values in plain dictionaries and sums distances pair by pair."""

from collections import Counter


def alpha(ratings, level):
    if level not in {"nominal", "ordinal", "interval"}:
        raise ValueError(f"unknown level {level}")
    rows = ratings.to_numpy(dtype=float).tolist()
    items = [Counter(value for value in row if value == value) for row in rows]  # NaN != NaN
    items = [item for item in items if item.total() > 1]
    everything = sum(items, Counter())
    if len(everything) < 2:
        return float("nan")

    def distance(a, b):
        if level == "nominal":
            return 1
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(count for value, count in everything.items() if low < value < high)
        return ((everything[a] + everything[b]) / 2 + between) ** 2

    apart = {(a, b): distance(a, b) for a in everything for b in everything if a != b}

    def disagreement(counts):
        pairs = sum(counts[a] * counts[b] * apart[a, b] for a in counts for b in counts if a != b)
        return pairs / (counts.total() - 1)

    return 1 - sum(map(disagreement, items)) / disagreement(everything)
