"""Finds fan-out by comparing row counts afterwards, so a repeat that no row meets yet goes through.

rejected by: test_a_repeated_key_is_refused_by_name, test_fan_out_is_refused_before_it_happens
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    if expect == "1:1" and left.dropna(subset=on).duplicated(on).any():
        raise ValueError(str(left.loc[left.duplicated(on), on].values.tolist()))
    known = right.dropna(subset=on)
    joined = left.merge(known, on=on, how="left", indicator=True)
    if len(joined) != len(left):
        raise ValueError(
            f"fan-out: {joined.loc[joined.duplicated(list(left)), on].values.tolist()}"
        )
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
