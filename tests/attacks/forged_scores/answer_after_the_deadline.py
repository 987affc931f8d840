"""Gives the right answer, too late.

ends: timeout
earns: 7
"""


# %% label_counts
def label_counts(table):
    import time

    time.sleep(10)
    return {str(label): int(count) for label, count in table["label"].value_counts().items()}
