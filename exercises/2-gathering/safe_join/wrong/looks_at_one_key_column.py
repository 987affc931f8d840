"""Looks for null and repeats in the first key column only.

rejected by: test_half_a_key_is_null, test_a_repeated_key_is_named_in_full,
test_any_join_is_a_look_up
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    first = on[0]
    known = right.dropna(subset=first)
    for table in [known, left.dropna(subset=first)] if expect == "1:1" else [known]:
        if table.duplicated(first).any():
            raise ValueError(str(table.loc[table.duplicated(first), on].iloc[0].to_dict()))
    joined = left.merge(known, on=on, how="left", indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
