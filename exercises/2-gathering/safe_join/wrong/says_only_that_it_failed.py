"""Refuses what it should, but does not say which key or column is to blame.

rejected by: test_a_repeated_key_is_refused_by_name, test_fan_out_is_refused,
test_one_to_one_looks_at_both_sides, test_a_name_in_both_tables_is_refused
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    known = right.dropna(subset=on)
    own = left.dropna(subset=on)
    joined = left.merge(known, on=on, how="left", indicator=True)
    fine = (
        expect in ("m:1", "1:1")
        and not set(left) & set(right) - set(on)
        and not known.duplicated(on).any()
        and not (expect == "1:1" and own.duplicated(on).any())
    )
    if not fine or (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("this join is not safe")
    return joined.set_axis(left.index)
