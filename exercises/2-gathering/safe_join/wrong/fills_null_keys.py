"""Writes a word into the null keys, which then match each other, and stay in the table.

rejected by: test_null_does_not_match_null, test_null_keys_match_nothing,
test_the_tables_are_left_alone
"""


def safe_join(left, right, on, expect="m:1", min_match=0.0):
    if expect not in ("m:1", "1:1"):
        raise ValueError(expect)
    if clash := set(left) & set(right) - set(on):
        raise ValueError(f"in both: {clash}")
    for column in on:
        if left[column].dtype.kind not in "iufM":
            left[column] = left[column].fillna("missing")
            right[column] = right[column].fillna("missing")
    for table in [right, left] if expect == "1:1" else [right]:
        known = table[(table[on] != "missing").all(axis=1)]
        if known.duplicated(on).any():
            raise ValueError(str(known.loc[known.duplicated(on), on].iloc[0].to_dict()))
    joined = left.merge(right.drop_duplicates(on), on=on, how="left", indicator=True)
    if (joined.pop("_merge") == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
