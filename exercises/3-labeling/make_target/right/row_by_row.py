"""Decides flight by flight, in plain Python."""

import pandas as pd


def make_target(flights, minutes, missing="bad"):
    stands_for = {"bad": True, "unknown": pd.NA, "drop": pd.NA}
    if missing not in stands_for:
        raise ValueError(f"no such choice: {missing}")
    answers = [
        stands_for[missing] if pd.isna(delay) else bool(delay >= minutes)
        for delay in flights["arr_delay"].tolist()
    ]
    target = pd.Series(answers, index=flights.index, dtype="boolean")
    return target[target.notna()] if missing == "drop" else target
