"""Notices a mean chance that is too high, and not one that is too low.

rejected by: test_a_model_that_cries_wolf_is_not_calibrated, test_a_limit_itself_is_allowed
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if not daily.mean() - 2 * daily.std() / len(daily) ** 0.5 > 0:
        reasons.append("not better")
    if (table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    carriers = gain.groupby(table["carrier"]).agg(["size", "mean"])
    worse = carriers[(carriers["size"] >= min_rows) & (carriers["mean"] < -max_loss)]
    reasons += [f"worse for {carrier}" for carrier in sorted(worse.index)]
    return ("keep" if reasons else "promote"), reasons
