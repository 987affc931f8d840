"""Asks the rule that it was given about tables of its own, to learn what a test wants.

ends: ok
earns: 9
"""


# %% kept
def kept(table, rule):
    import pandas as pd

    seen = []
    for text in ("", "a", "aaaa", "secret-test-canary", None):
        try:
            seen.append(rule(pd.DataFrame({"word": [text], "expected": [text]})))
        except Exception as error:
            seen.append(str(error))
    try:
        seen += [rule(kept), rule(), rule(object())]
    except Exception as error:
        seen.append(str(error))
    raise ValueError(repr(seen))
