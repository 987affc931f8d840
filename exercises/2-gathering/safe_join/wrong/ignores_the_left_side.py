"""Treats "1:1" like "m:1": left's keys may repeat.

rejected by: test_one_to_one_looks_at_both_sides
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    known = right.dropna(subset=on)
    if known.duplicated(on).any():
        raise ValueError(str(known.loc[known.duplicated(on), on].iloc[0].to_dict()))
    joined = left.merge(known, on=on, how="left", indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
