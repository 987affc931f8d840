"""Joins inner, so the rows without a match are gone.

rejected by: test_the_example_keeps_its_rows, test_rows_without_a_match_stay,
test_real_flights_and_planes, test_the_example_finds_its_matches
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
    labeled = left.assign(label=left.index)
    joined = labeled.merge(known, on=on, how="inner")
    if len(left) and len(joined) / len(left) < min_match:
        raise ValueError("too few matches")
    return joined.set_index("label").rename_axis(left.index.name)
