"""Takes a null in the first new column for a row without a match.

rejected by: test_matches_are_counted_by_key
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    known = right.dropna(subset=on)
    for table in [known, left.dropna(subset=on)] if expect == "1:1" else [known]:
        if table.duplicated(on).any():
            raise ValueError(str(table.loc[table.duplicated(on), on].iloc[0].to_dict()))
    joined = left.merge(known, on=on, how="left")
    new = [column for column in right if column not in on]
    if new and joined[new[0]].notna().mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
