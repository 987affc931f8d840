"""Compares two means with two standard errors, as if the models had seen different requests.

rejected by: test_small_gains_every_day_are_better, test_decisions_on_made_up_runs
"""


def promote(old, new, log, min_days=14, max_gap=0.02, min_rows=100, max_loss=0.005):
    table = log.assign(old=old, new=new).dropna(subset=["old", "new", "late"])
    gain = (table["old"] - table["late"]) ** 2 - (table["new"] - table["late"]) ** 2
    daily = gain.groupby(table["day"]).mean()
    if len(daily) < min_days:
        return "keep", ["too few days"]
    reasons = []
    errors = [(table[model] - table["late"]) ** 2 for model in ("old", "new")]
    losses = [error.groupby(table["day"]).mean() for error in errors]
    error = sum(loss.std() ** 2 / len(loss) for loss in losses) ** 0.5
    if not losses[0].mean() - losses[1].mean() - 2 * error > 0:
        reasons.append("not better")
    if abs(table["new"].mean() - table["late"].mean()) > max_gap:
        reasons.append("not calibrated")
    carriers = gain.groupby(table["carrier"]).agg(["size", "mean"])
    worse = carriers[(carriers["size"] >= min_rows) & (carriers["mean"] < -max_loss)]
    reasons += [f"worse for {carrier}" for carrier in sorted(worse.index)]
    return ("keep" if reasons else "promote"), reasons
