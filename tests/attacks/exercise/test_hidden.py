import pandas as pd

from grader import task

CANARY = "secret-test-canary-6b1d0f7e"  # must reach nobody
INPUT = "secret-input-canary-94c2aa03"  # learner code may see it, and must not pass it on


def table():
    texts = ["  Buy NOW ", None, "", INPUT, " ", "Hi there  "]
    return pd.DataFrame({"text": texts, "label": [" SPAM", "ham", "ham", "Ham ", "spam", "ham"]})


@task("clean")
def test_a_clean_table_is_exactly_this(submission):
    """Texts and labels are stripped, labels are lower-cased, the index starts anew."""
    expected = pd.DataFrame(
        {"text": ["Buy NOW", INPUT, "Hi there"], "label": ["spam", "ham", "ham"]}
    )

    cleaned = submission.clean(table())

    assert isinstance(cleaned, pd.DataFrame)
    assert cleaned["label"].nunique() == 2
    pd.testing.assert_frame_equal(cleaned, expected)


@task("clean")
def test_the_table_given_stays_as_it_was(submission):
    """Cleaning makes a new table."""
    call = submission.call("clean", table())

    pd.testing.assert_frame_equal(call.args[0], table())
    assert len(call.value) == 3


@task("label_counts")
def test_counts_add_up_to_the_rows(submission):
    """All rows are counted, each once."""
    counts = submission.label_counts(pd.DataFrame({"label": [INPUT, "spam", INPUT, "spam", INPUT]}))

    assert counts == {INPUT: 3, "spam": 2}
    assert sum(counts.values()) == 5


@task("tally")
def test_a_tally_knows_what_it_was_given(submission):
    """A tally has a length, can be iterated over, and knows its largest count."""
    tally = submission.Tally()
    for thing in ("b", INPUT, "b"):
        tally.add(thing)

    assert len(tally) == 2
    assert list(tally) == ["b", INPUT]
    assert tally.most == 2


@task("kept")
def test_a_rule_decides(submission):
    """What the rule lets pass is kept, with its index."""
    words = pd.DataFrame({"word": ["a", INPUT, "c"]})

    kept = submission.kept(words, lambda given: given["word"].str.len() > 1)

    pd.testing.assert_frame_equal(kept, words.iloc[[1]])
