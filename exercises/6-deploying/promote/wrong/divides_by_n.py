"""Divides by n where the standard deviation has n - 1.

rejected by: test_the_bound_is_two_standard_errors
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if not daily.mean() - 2 * daily.std(ddof=0) / len(daily) ** 0.5 > 0:
        reasons.append("not better")
    if abs(table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    carriers = gain.groupby(table["carrier"]).agg(["size", "mean"])
    worse = carriers[(carriers["size"] >= min_rows) & (carriers["mean"] < -max_loss)]
    reasons += [f"worse for {carrier}" for carrier in sorted(worse.index)]
    return ("keep" if reasons else "promote"), reasons
