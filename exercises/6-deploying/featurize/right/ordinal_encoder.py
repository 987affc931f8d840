"""scikit-learn's encoder, rebuilt from the state at each call."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OrdinalEncoder

KEYS = ["carrier", "origin", "dest", "year", "month", "day", "sched_dep_time", "distance"]
FEATURES = ["carrier", "origin", "dest", "weekday", "minute", "distance", "temp"]


TEXTS = ["carrier", "origin", "dest"]


def learn(records):
    table = pd.DataFrame(records)
    return {name: sorted(table[name].dropna().unique()) for name in TEXTS}


def featurize(records, state):
    table = pd.DataFrame(records)
    if len(table) == 0:
        return pd.DataFrame(columns=FEATURES, dtype="float64")
    if missing := set(KEYS) - set(table):
        raise ValueError(f"missing: {sorted(missing)}")
    encoder = OrdinalEncoder(
        categories=[np.array(state[name], dtype=object) for name in TEXTS],
        handle_unknown="use_encoded_value",
        unknown_value=-1,
    )
    example = pd.DataFrame([[state[name][0] for name in TEXTS]], columns=TEXTS, dtype=object)
    encoder.fit(example)
    texts = table[TEXTS].astype(object).where(table[TEXTS].notna(), "(null)")
    out = pd.DataFrame(encoder.transform(texts), columns=TEXTS, index=table.index)
    stamps = [pd.Timestamp(*map(int, day)) for day in table[["year", "month", "day"]].values]
    out["weekday"] = [float(stamp.day_of_week) for stamp in stamps]
    out["minute"] = [float(t // 100 * 60 + t % 100) for t in table["sched_dep_time"]]
    out["distance"] = table["distance"].astype(float)
    temp = table["temp"] if "temp" in table else pd.Series(np.nan, index=table.index)
    out["temp"] = pd.to_numeric(temp).astype("float64")
    return out
