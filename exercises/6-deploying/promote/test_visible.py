"""What a learner can check at home: a clear yes, a clear no, and too little to say."""

import numpy as np
import pandas as pd

from grader import task


def shadow(days=20, a_day=40):
    """Return outcomes of made-up flights, and a chance for each that knows something."""
    rng = np.random.default_rng(3)
    n = days * a_day
    truth = rng.uniform(0.05, 0.6, n)
    log = pd.DataFrame(
        {
            "day": np.repeat([f"2013-10-{d + 1:02}" for d in range(days)], a_day),
            "carrier": rng.choice(["AA", "UA", "WN"], n),
            "late": (rng.random(n) < truth).astype(float),
        },
        index=[f"r{number}" for number in range(n)],
    )
    return log, pd.Series(truth, index=log.index)


def asked(submission, *tables, **options):
    """Return decision and reasons."""
    answer = submission.promote(*tables, **options)
    assert hasattr(answer, "__len__") and len(answer) == 2, (
        f"a decision and a list of reasons are due; got {type(answer).__name__}"
    )
    return answer


@task("promote")
def test_a_clearly_better_model_is_promoted(submission):
    """A model that knows the chances replaces one that always says the same."""
    log, knows = shadow()
    always = pd.Series(0.3, index=log.index)

    decision, reasons = asked(submission, always, knows, log, max_gap=0.05)

    assert decision == "promote", f"decision {decision!r} with reasons {reasons}"
    assert list(reasons) == [], f"the reasons are {reasons}"


@task("promote")
def test_the_same_model_is_no_reason_to_change(submission):
    """Two models that say the same: the new one is not better."""
    log, knows = shadow()

    answer = asked(submission, knows, knows, log, max_gap=0.05)

    assert answer[0] == "keep", f"the answer is {answer}"
    assert list(answer[1]) == ["not better"], f"the reasons are {answer[1]}"


@task("promote")
def test_a_week_is_too_short(submission):
    """Seven days are too few, however good they were, and that is the only reason given."""
    log, knows = shadow(days=7)
    always = pd.Series(0.9, index=log.index)

    answer = asked(submission, always, knows, log)

    assert answer[0] == "keep", f"the answer is {answer}"
    assert list(answer[1]) == ["too few days"], f"the reasons are {answer[1]}"
