"""Takes the share of different keys that find a match, not of rows.

rejected by: test_every_row_of_left_counts_for_the_share
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
    keys = joined.drop_duplicates(on)
    if len(left) and keys["found"].eq("both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.drop(columns="found").set_axis(left.index)
