"""Sorts pairs in plain Python and looks ahead to see whether the score changes."""


def best_threshold(y, p, gain, cost, max_share):
    rows = sorted(zip(list(p), list(y)), key=lambda row: row[0], reverse=True)
    best, record, worth = float("inf"), 0, 0
    for i, (score, late) in enumerate(rows):
        worth += gain if late else -cost
        last = i + 1 == len(rows) or rows[i + 1][0] != score
        if last and worth > record and (i + 1) / len(rows) <= max_share:
            best, record = score, worth
    return best
