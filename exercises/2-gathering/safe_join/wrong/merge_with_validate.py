"""Trusts merge(validate=...), which lets null match null and gives both years a suffix.

rejected by: test_null_does_not_match_null, test_null_keys_match_nothing,
test_a_name_in_both_tables_is_refused, test_null_keys_are_no_repeats
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    joined = left.merge(right, on=on, how="left", validate=expect, indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
