"""Refuses a join in which no row finds a match, whatever share was asked for.

rejected by: test_without_min_match_nothing_need_match
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
    joined = left.merge(known, on=on, how="left", indicator="found")
    share = joined.pop("found").eq("both").mean()
    if len(left) and (share == 0 or share < min_match):
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
