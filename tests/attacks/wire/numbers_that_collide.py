"""Returns a column of numbers that pandas needs seconds to count, and hours if it were ten times as long.

ends: ok
earns: 6
"""


# %% clean
def clean(table):
    import numpy as np
    import pandas as pd

    high = np.arange(1, 60_001, dtype="u8")
    low = (high ^ (high << np.uint64(11)) ^ (high << np.uint64(22))) & np.uint64(2**32 - 1)
    return pd.DataFrame({"text": "x", "label": ((high << np.uint64(33)) | low).astype("i8")})
