"""Walks over the labels 0, 1, 2 … instead of the rows.

rejected by: test_row_labels_do_not_matter, test_order_and_unknown_rows_change_nothing
"""

import pandas as pd


def late_share(flights, minutes):
    labels = [i for i in range(len(flights)) if pd.notna(flights["arr_delay"][i])]
    if not labels:
        return None
    return sum(flights["arr_delay"][i] >= minutes for i in labels) / len(labels)
