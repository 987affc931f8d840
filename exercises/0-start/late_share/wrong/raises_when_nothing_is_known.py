"""Counts correctly, and divides by zero when no delay is known.

rejected by: test_nothing_known_has_no_share
"""

import pandas as pd


def late_share(flights, minutes):
    late = known = 0
    for delay in flights["arr_delay"]:
        if pd.notna(delay):
            known += 1
            late += delay >= minutes
    return int(late) / known
