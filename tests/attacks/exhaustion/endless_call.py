"""Never returns from a function.

ends: timeout
earns: 7
"""


# %% label_counts
def label_counts(table):
    while True:
        pass
