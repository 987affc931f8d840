import pandas as pd

from grader import task


@task("clean")
def test_blank_texts_are_dropped(submission):
    """Rows without a text are no rows."""
    table = pd.DataFrame({"text": ["  a ", None, "b", "  "], "label": [" Spam", "ham", "HAM", "x"]})

    assert list(submission.clean(table)["text"]) == ["a", "b"]


@task("label_counts")
def test_labels_are_counted(submission):
    """Every label has its number of rows."""
    assert submission.label_counts(pd.DataFrame({"label": ["a", "b", "a"]})) == {"a": 2, "b": 1}
