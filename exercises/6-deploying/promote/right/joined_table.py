"""An inner join, Brier losses as columns, and the standard error from pandas."""

import pandas as pd


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    known = log[log["late"].notna()]
    both = pd.concat([old.rename("a"), new.rename("b")], axis=1, join="inner")
    table = known.join(both, how="inner")
    table = table.eval("gain = (a - late) ** 2 - (b - late) ** 2")
    daily = table.groupby("day")["gain"].mean()
    if daily.size < min_days:
        return ("keep", ["too few days"])
    per_carrier = table.groupby("carrier")["gain"]
    hurt = per_carrier.mean()[per_carrier.count() >= min_rows]
    checks = {
        "not better": daily.mean() <= 2 * daily.sem(),
        "not calibrated": abs((table["b"] - table["late"]).mean()) > max_gap,
        **{f"worse for {name}": loss < -max_loss for name, loss in hurt.sort_index().items()},
    }
    reasons = [reason for reason, true in checks.items() if true]
    return ("promote" if not reasons else "keep"), reasons
