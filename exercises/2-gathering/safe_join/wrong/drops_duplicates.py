"""Makes the key unique by dropping repeats without a word.

rejected by: test_a_repeated_key_is_refused_by_name, test_fan_out_is_refused,
test_equal_rows_are_repeats, test_fan_out_is_refused_before_it_happens
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    known = right.dropna(subset=on).drop_duplicates(on)
    if expect == "1:1" and left.dropna(subset=on).duplicated(on).any():
        raise ValueError(left[left.duplicated(on)])
    joined = left.merge(known, on=on, how="left", indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
