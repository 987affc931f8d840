"""Puts the numbers side by side as they come.

rejected by: test_requests_are_paired_by_id, test_decisions_on_made_up_runs
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    n = min(len(old), len(new), len(log))
    table = log.head(n).assign(old=old.to_numpy()[:n], new=new.to_numpy()[:n]).dropna()
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    if not daily.mean() - 2 * daily.std() / len(daily) ** 0.5 > 0:
        reasons.append("not better")
    if abs(table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    carriers = gain.groupby(table["carrier"]).agg(["size", "mean"])
    worse = carriers[(carriers["size"] >= min_rows) & (carriers["mean"] < -max_loss)]
    reasons += [f"worse for {carrier}" for carrier in sorted(worse.index)]
    return ("keep" if reasons else "promote"), reasons
