"""What decides the points of aggregate; never shipped."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from grader import load, task


def table(*rows):
    return pd.DataFrame(rows, columns=["item", "rater", "label"])


def one(*labels):
    """Return one item with an answer each from so many raters."""
    return table(*[("x", f"r{n}", label) for n, label in enumerate(labels)])


def made_up(seed, n=150, labels=("cold", "mild", "warm", None)):
    """Return answers by careless people: repeated, contradictory, skipped, in any order."""
    rng = np.random.default_rng(seed)
    answers = pd.DataFrame(
        {
            "minutes": rng.integers(1, 9, n),
            "label": rng.choice(np.array(labels, dtype=object), n),
            "rater": rng.integers(0, 7, n),
            "item": rng.integers(100, 130, n),
        },
        index=rng.integers(0, 20, n),
    )
    again = answers.sample(n // 5, random_state=seed)
    return pd.concat([answers, again]).sample(frac=1, random_state=seed)


def due(annotations, ties="abstain", min_votes=1):
    """Return (item, label, votes, share) for each item, counted one by one."""
    given = {}
    for item, rater, label in annotations[["item", "rater", "label"]].itertuples(index=False):
        answers = given.setdefault(item, {}).setdefault(rater, set())
        if not pd.isna(label):
            answers.add(label)
    rows = []
    for item, by_rater in given.items():
        votes = Counter(next(iter(a)) for a in by_rater.values() if len(a) == 1)
        best = [label for label, n in votes.items() if n == max(votes.values())]
        n = votes.total()
        if n >= min_votes and len(best) == 1:
            rows.append((item, best[0], n, pytest.approx(votes[best[0]] / n)))
        elif n < min_votes or ties == "abstain":
            rows.append((item, None, n, None))
    return rows


def rows(result):
    assert isinstance(result, pd.DataFrame)
    assert list(result.columns) == ["label", "votes", "share"]
    return [
        tuple(None if pd.isna(value) else value for value in row) for row in result.itertuples()
    ]


@task("aggregate", weight=2)
def test_most_votes_win(submission):
    """The label with more votes than any other wins, with or without a majority."""
    assert rows(submission.aggregate(one("b", "a", "b"))) == [("x", "b", 3, pytest.approx(2 / 3))]
    five = one("d", "b", "a", "d", "c")
    assert rows(submission.aggregate(five)) == [("x", "d", 5, pytest.approx(0.4))]
    assert rows(submission.aggregate(one("z"))) == [("x", "z", 1, 1.0)]


@task("aggregate", weight=2)
def test_a_tie_has_no_winner(submission):
    """When two or more labels share the top, none is chosen: not the first, the last or the first
    in the alphabet."""
    for labels in (("a", "b"), ("b", "a"), ("c", "b", "a"), ("b", "a", "c", "b", "a")):
        got = submission.aggregate(one(*labels))

        assert rows(got) == [("x", None, len(labels), None)]


@task("aggregate", weight=2)
def test_one_person_one_vote(submission):
    """A rater who gave the same answer several times has one vote, not several."""
    twice = table(*[("x", "ann", "yes")] * 4, ("x", "bob", "no"), ("x", "cid", "no"))
    many = table(*[("x", "ann", "yes")] * 4)

    assert rows(submission.aggregate(twice)) == [("x", "no", 3, pytest.approx(2 / 3))]
    assert rows(submission.aggregate(many, min_votes=2)) == [("x", None, 1, None)]


@task("aggregate", weight=2)
def test_who_contradicts_themselves_has_no_vote(submission):
    """A rater with different labels on one item has no vote there, however often they gave either,
    and keeps the vote on other items."""
    answers = table(
        ("x", "ann", "yes"),
        ("x", "ann", "no"),
        ("x", "ann", "yes"),
        ("x", "bob", "no"),
        ("y", "ann", "yes"),
        ("z", "cid", "yes"),
        ("z", "cid", "no"),
    )

    got = submission.aggregate(answers)

    assert rows(got) == [("x", "no", 1, 1.0), ("y", "yes", 1, 1.0), ("z", None, 0, None)]


@task("aggregate", weight=2)
def test_a_skipped_item_is_no_vote(submission):
    """A null label is not a vote, not a label that can win, and not a contradiction."""
    answers = table(
        ("x", "ann", None),
        ("x", "bob", None),
        ("x", "cid", "yes"),
        ("y", "ann", None),
        ("y", "ann", "no"),
        ("z", "ann", None),
    )

    got = submission.aggregate(answers)

    assert rows(got) == [("x", "yes", 1, 1.0), ("y", "no", 1, 1.0), ("z", None, 0, None)]


@task("aggregate", weight=2)
def test_min_votes_counts_votes(submission):
    """An item needs at least `min_votes` votes, the losing ones included, or its label is null and
    its votes are still counted."""
    answers = one("a", "b", "b")

    assert rows(submission.aggregate(answers, min_votes=3))[0][1] == "b"
    assert rows(submission.aggregate(answers, min_votes=4)) == [("x", None, 3, None)]


@task("aggregate", weight=2)
def test_drop_leaves_out_ties_only(submission):
    """With "drop", a tie leaves the result; an item with too few votes stays, tied or not."""
    answers = pd.concat(
        [one("a", "b"), one("a", "a", "b").replace("x", "y"), one(None).replace("x", "z")]
    )

    got = submission.aggregate(answers, ties="drop")
    strict = submission.aggregate(answers, ties="drop", min_votes=3)

    assert rows(got) == [("y", "a", 3, pytest.approx(2 / 3)), ("z", None, 0, None)]
    assert [row[:3] for row in rows(strict)] == [("x", None, 2), ("y", "a", 3), ("z", None, 0)]


@task("aggregate")
def test_another_rule_for_ties_is_refused(submission):
    """A rule that does not exist is a mistake of the caller: a ValueError, also when nothing is
    tied."""
    for rule in ("first", "Drop", "", None):
        with pytest.raises(ValueError):
            submission.aggregate(one("a"), ties=rule)


@task("aggregate")
def test_no_answers_give_no_rows(submission):
    """A table without rows gives an empty table with the same three columns."""
    assert rows(submission.aggregate(one("a"))) == [("x", "a", 1, 1.0)]
    assert rows(submission.aggregate(one())) == []


@task("aggregate", weight=3)
def test_any_answers(submission):
    """Whatever careless people answered, in whatever order, each item gets the label, the votes and
    the share that the rules give it."""
    for seed in range(2):
        answers = made_up(seed)
        for ties in ("abstain", "drop"):
            for min_votes in (1, 3):
                got = submission.aggregate(answers.copy(), ties=ties, min_votes=min_votes)

                assert rows(got) == due(answers, ties, min_votes)


@task("aggregate", weight=2)
def test_names_do_not_matter(submission):
    """Rename the labels, and the same items get the renamed labels; numbers work like texts."""
    answers = made_up(11)
    plain = rows(submission.aggregate(answers))
    for names in (
        {"cold": "zz", "mild": "aa", "warm": "mm"},
        {"cold": 0, "mild": -1, "warm": 1},
    ):
        renamed = answers.assign(label=answers["label"].map(names))

        got = rows(submission.aggregate(renamed))

        assert got == [(i, names.get(label), n, share) for i, label, n, share in plain]


@task("aggregate")
def test_the_answers_are_left_alone(submission):
    """The caller's table is the same after the call."""
    answers = made_up(12)

    call = submission.call("aggregate", answers.copy(), ties="drop", min_votes=2)

    assert rows(call.value) == due(answers, ties="drop", min_votes=2)
    pd.testing.assert_frame_equal(call.args[0], answers)


@task("aggregate")
def test_real_reviews(submission):
    """On real ratings of reviews, turned into negative, neutral and positive, the labels are
    right."""
    ratings = load("ratings_reviews").iloc[:6000]
    sign = np.sign(ratings["rating"]).map({-1: "negative", 0: "neutral", 1: "positive"})
    answers = pd.DataFrame(
        {"item": ratings["item"], "rater": ratings["position"], "label": sign.astype(object)}
    )

    assert rows(submission.aggregate(answers, min_votes=5)) == due(answers, min_votes=5)
