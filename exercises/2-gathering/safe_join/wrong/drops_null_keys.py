"""Gets rid of null keys on both sides, and of left's rows with them.

rejected by: test_the_example_keeps_its_rows, test_null_keys_match_nothing,
test_matches_are_counted_by_key, test_the_share_of_matches_is_checked
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    left, known = left.dropna(subset=on), right.dropna(subset=on)
    for table in [known, left] if expect == "1:1" else [known]:
        if table.duplicated(on).any():
            raise ValueError(str(table.loc[table.duplicated(on), on].iloc[0].to_dict()))
    joined = left.merge(known, on=on, how="left", indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
