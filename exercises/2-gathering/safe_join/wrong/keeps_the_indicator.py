"""Leaves merge's own column _merge in the table.

rejected by: test_the_example_keeps_its_rows, test_columns_come_in_order, test_tables_without_rows
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
    joined = left.merge(known, on=on, how="left", indicator=True)
    if (joined["_merge"] == "both").mean() < min_match:
        raise ValueError("too few matches")
    return joined.set_axis(left.index)
