# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2, needs: [6-deploying/one-feature-function],
#     exercises: [bundle]}
# ---

# %% [markdown]
# # An artifact you can trust
#
# A file called `model.pkl` arrives, **{{ 72 | len(parcel) }} bytes** long. Opening it, only opening
# it, runs a command of its author's choice. Next to it lies the real one,
# {{ 149 | len(pickle.dumps(model)) / 1000:.0f }} kB, and that one does not say what it scored, what it was
# made from, or whether it is the model that was evaluated.
#
# A model file is a program that somebody sends you. Treat it like one.
#
# After this lesson you can
#
# - **read** what a [pickle](../glossary.md#pickle) would do before it does it;
# - **pack** a model with what is needed to check it;
# - **refuse** a [bundle](../glossary.md#bundle) that was changed, does not fit, or wants more than
#   you trust.

# %%
import hashlib
import json
import pickle
import pickletools
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from grader import load

FEATURES = ["weekday", "minute", "distance"]
flights = load("flights_2013_sample").dropna(subset="arr_delay")
X = pd.DataFrame(
    {
        "weekday": pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week,
        "minute": flights.sched_dep_time // 100 * 60 + flights.sched_dep_time % 100,
        "distance": flights.distance,
    }
).astype("float64")
late, train = flights.arr_delay >= 15, flights.month <= 9

model = HistGradientBoostingClassifier(max_iter=40, random_state=0).fit(X[train], late[train])
chance = model.predict_proba(X[~train])[:, 1]
auc = roc_auc_score(late[~train], chance)
print(f"AUC {auc:.3f}")

# %% [markdown]
# ## Build it wrong: one line, one file

# %% tags=["shows-warning"]
folder = Path(tempfile.mkdtemp())
(folder / "model.pkl").write_bytes(pickle.dumps(model))

mixed = X[~train][["distance", "weekday", "minute"]].to_numpy()  # another order of columns
opened = pickle.loads((folder / "model.pkl").read_bytes())
print(
    f"AUC, columns mixed up: {roc_auc_score(late[~train], opened.predict_proba(mixed)[:, 1]):.3f}"
)

# %% [markdown]
# The pickle remembers trees, and the names of its columns, which `.to_numpy()` has made useless:
# that was a warning, and a number. It even knows its version of scikit-learn, and opening it with
# another one is a warning, too; a line in a log refuses nothing. What it does not know: who made
# it, from what, and how good it was. Now the other file.


# %%
class Parcel:
    def __reduce__(self):
        return print, ("this could have been any command",)


parcel = pickle.dumps(Parcel())
pickle.loads(parcel)

# %% [markdown]
# Nobody called a method. `pickle.loads` did it, and `joblib.load` and `pandas.read_pickle` do the
# same. The [documentation of pickle](https://docs.python.org/3/library/pickle.html) says so
# before it says anything else: only unpickle data that you trust.
#
# ## Find the cause: a pickle is a program
#
# It is written for a small machine with a stack, and two of its instructions are *find this name in
# this module* and *call it*. `pickletools` shows the program without running it.


# %%
def names(data):
    """Return what a pickle looks up by name, without opening it."""
    memo, texts, found, text = [], [], set(), None
    for code, argument, _ in pickletools.genops(data):
        if code.name == "STACK_GLOBAL":  # look up the last two texts: module, name
            found.add(".".join(texts[-2:]))
        elif code.name == "MEMOIZE":
            memo.append(text)
        else:
            text = memo[argument] if code.name in ("BINGET", "LONG_BINGET") else argument
            texts += [text] if isinstance(text, str) else []
    return found


print("the parcel:", names(parcel))
wanted = names(pickle.dumps(model))
print(f"the model: {len(wanted)} names, for example {sorted(wanted)[:3]}")

# %% [markdown]
# The parcel wants `print`. It could have wanted `os.system`. Even the honest model needs
# {{ 17 | len(wanted) }} names from scikit-learn and NumPy, any of which may be elsewhere in the next
# version. That is why scikit-learn promises nothing for [a model opened with another
# version](https://scikit-learn.org/stable/model_persistence.html) than the one that saved it.
#
# ## Build it right: a folder that can be checked
#
# First the format. [skops](https://skops.readthedocs.io/en/stable/persistence.html) writes a zip
# file of arrays, and a plan of what they are. On the way back it builds only types that it knows, or
# that you name.

# %% tags=["raises-exception"]
import skops.io

data = skops.io.dumps(model)
skops.io.loads(data)

# %%
trusted = skops.io.get_untrusted_types(data=data)
print(trusted)

# %% [markdown]
# One name, and the error says why it needs you: a tree is a table of node numbers that scikit-learn
# follows without looking, and a file with wrong numbers can crash the process. So you trust the type
# for files whose origin you know. That is a decision, in one line of your code, where a reviewer can
# see it. Do not write `trusted=get_untrusted_types(...)`: that is a guard who asks the visitor whether
# to let him in.
#
# Then the paper that travels along. Each line is there because somebody will check it, a program or a
# person:
#
# | in the manifest | so that you can refuse |
# |---|---|
# | SHA-256 of the file | a file that was damaged, or exchanged |
# | version of scikit-learn | a model from another age |
# | features, in order | a service that cannot feed it |
# | metrics | a model that nobody evaluated |
# | a name for the release | the question "which one is running?" |


# %%
def save_bundle(folder, model, metrics, version):
    """Write a model and its manifest to a new folder."""
    data = skops.io.dumps(model)
    manifest = {
        "version": version,
        "features": list(model.feature_names_in_),
        "metrics": metrics,
        "scikit_learn": sklearn.__version__,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    folder.mkdir()  # fails if there is one: a release is never overwritten
    (folder / "model.skops").write_bytes(data)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))


def load_bundle(folder, columns, trusted):
    """Return the model of a bundle, or raise ValueError before anything is opened."""
    manifest = json.loads((folder / "manifest.json").read_text())
    data = (folder / "model.skops").read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ValueError("model.skops is not the file that was saved")
    if manifest["scikit_learn"].split(".")[0] != sklearn.__version__.split(".")[0]:
        raise ValueError("saved with another scikit-learn")
    if missing := set(manifest["features"]) - set(columns):
        raise ValueError(f"no column for {missing}")
    return skops.io.loads(data, trusted=trusted)  # raises for a type that is not trusted


save_bundle(folder / "v1", model, {"auc": round(auc, 3)}, "v1")
print((folder / "v1" / "manifest.json").read_text())

# %% [markdown]
# The order is the point. The hash is compared **before** the bytes mean anything, and the types are
# listed before one of them is built. A check after loading is a search of the guest after dinner.
#
# Does it work where it has to, in a process that has never seen this notebook?

# %%
code = """
import sys
import skops.io
path, *trusted = sys.argv[1:]
model = skops.io.load(path, trusted=trusted)
print(model.predict_proba([[1.0, 1080.0, 733.0]])[0, 1])
"""
command = [sys.executable, "-W", "ignore", "-c", code, folder / "v1" / "model.skops", *trusted]
said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
here = model.predict_proba(pd.DataFrame([[1.0, 1080.0, 733.0]], columns=FEATURES))[0, 1]
assert float(said) == here
print(f"there {float(said):.6f}, here {here:.6f}")

# %% [markdown]
# Now six things that happen to files, and three ways to open them. A way is good if it refuses all
# six, and opens the one that is as it should be. For the bundle, note *which* of its checks
# speaks: a refusal for the wrong reason is luck.


# %%
def accidents(ours, other, code):
    """Return what may lie in the place of a model's file."""
    middle = len(ours) // 2
    return {
        "as it was saved": ours,
        "one bit flipped": ours[:middle] + bytes([ours[middle] ^ 1]) + ours[middle + 1 :],
        "half a copy": ours[:middle],
        "another model": other,
        "other scikit-learn": ours,
        "a column is gone": ours,
        "code inside": code,
    }


def refusal(function, *arguments):
    """Return why a way to open a file raises, or nothing if it opens."""
    try:
        function(*arguments)
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


CHECKS = {
    "not the file that was saved": "hash",
    "saved with another": "version",
    "no column for": "columns",
    "Untrusted types": "types",
}


other = HistGradientBoostingClassifier(max_iter=1).fit(X[train], late[train])
pickles = accidents(pickle.dumps(model), pickle.dumps(other), parcel)
saved = (folder / "v1" / "model.skops").read_bytes()
files = accidents(saved, skops.io.dumps(other), skops.io.dumps(Parcel()))
manifest = json.loads((folder / "v1" / "manifest.json").read_text())
rows = {}
for name, content in files.items():
    said = manifest | ({"scikit_learn": "0.24.2"} if name == "other scikit-learn" else {})
    if name == "code inside":  # whoever made it can write a manifest, too
        said["sha256"] = hashlib.sha256(content).hexdigest()
    place = folder / name
    place.mkdir()
    (place / "model.skops").write_bytes(content)
    (place / "manifest.json").write_text(json.dumps(said))
    columns = FEATURES[1:] if name == "a column is gone" else FEATURES
    rows[name] = {
        "pickle": refusal(pickle.loads, pickles[name]),
        "skops": refusal(lambda file: skops.io.loads(file, trusted=trusted), content),
        "bundle": refusal(load_bundle, place, columns, trusted),
    }
reasons = pd.DataFrame(rows).T
refused = reasons != ""
check = {  # the bundle's check that spoke, by accident
    name: next((check for words, check in CHECKS.items() if words in reason), "")
    for name, reason in reasons.bundle.items()
}
bad = refused.drop("as it was saved")

# %% alt="A grid: seven files against three ways to open them. What was saved is {{ opened by all three | not refused.loc['as it was saved'].any() }}. Of the six accidents pickle refuses {{ 1 | bad['pickle'].sum() }}, skops {{ 3 | bad['skops'].sum() }}, and the bundle all {{ 6 | bad['bundle'].sum() }}."
fig, ax = plt.subplots(figsize=(6.4, 3.8))
for y, name in enumerate(refused.index[::-1]):
    for x, way in enumerate(refused.columns):
        no = refused.loc[name, way]
        ax.scatter(x, y, s=240, marker="s" if no else "o", color="C0" if no else "C1")
        why = f": {check[name]}" if no and way == "bundle" else ""
        ax.annotate(f"refused{why}" if no else "opened", (x + 0.12, y), va="center")
ax.set_yticks(range(len(refused)), refused.index[::-1])
ax.set_xticks(range(3), refused.columns)
ax.set(xlim=(-0.4, 3.1), ylim=(-0.6, len(refused) - 0.4))
plt.show()

# %% [markdown]
# The pickle refuses {{ 1 | bad["pickle"].sum() }} of {{ 6 | len(bad) }}:
# {{ half a file does not parse | bad["pickle"]["half a copy"] }}. The flipped bit sits in a tree's
# numbers, so {{ it opens | not bad["pickle"]["one bit flipped"] }}, and predicts something. skops
# refuses {{ 3 | bad["skops"].sum() }}: {{ a zip file has checksums | bad["skops"][["one bit
# flipped", "half a copy"]].all() }}, and {{ code is no type that you trusted | "Untrusted types"
# in reasons["skops"]["code inside"] }}. Another model is a perfectly good file, though, and {{
# only a hash | check["another model"] == "hash" and not bad.loc["another model", "skops"] }} can
# know that it is not yours.
#
# The bundle refuses {{ all of them | bad["bundle"].all() }}, and opens
# {{ what was saved | not refused["bundle"]["as it was saved"] }}. Three accidents {{ stop at the
# hash | [name for name, by in check.items() if by == "hash"] == [*bad.index[:3]] }}. The other
# three come with a hash that matches, and each meets a check of its own: the
# {{ version | check["other scikit-learn"] == "version" }}, the
# {{ columns | check["a column is gone"] == "columns" }}, and the
# {{ types | check["code inside"] == "types" }}, because whoever writes the code can write the
# manifest. (Do not save a model a second time to get its hash. A skops file holds numbers of that
# moment, so {{ two of the same model differ | skops.io.dumps(model) != skops.io.dumps(model) }}:
# hash the bytes that you write.)
#
# Be honest about the hash, too. It proves that the file belongs to the manifest. Whoever can replace
# both is not stopped by it. Against *them* you need a place that only the release job may write to,
# or a signature, made with a key that is somewhere else.
#
# ## How a professional does it
#
# You have just used it: skops for the file, and a manifest. The larger tools are the same folder
# with more in it. An [MLflow model](https://mlflow.org/docs/latest/ml/model/) has a signature (your
# features), requirements (your versions) and a run (your metrics); the model inside may still be
# a pickle, so ask who may write to the registry.
#
# [ONNX](https://onnx.ai/sklearn-onnx/) goes further: a file of arithmetic, without Python. It is the
# best format where it works. Converters read scikit-learn's private parts, and break when these
# move: it happened to [just this model](https://github.com/onnx/sklearn-onnx/issues/524) with
# scikit-learn 0.24. Try the conversion on the day on which you choose the model, not on the day of
# the release.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **A model file comes with a SHA-256 that matches. What do you know?**
#
# - [ ] that it is safe to open :: No: the author of bad code can compute a hash, too.
# - [x] that it is the file for which this manifest was written :: Yes: not damaged, not exchanged
#   alone. Who wrote both is another question.
# - [ ] that the model is good :: No: that is what the metrics in the manifest are for, and they are
#   only as good as the person who measured.

# %% [markdown] tags=["question"]
# **skops refuses the file: one type is not trusted. You…**
#
# - [ ] pass it the list that it printed :: No: not without reading it. Today there is one name in
#   it, tomorrow two.
# - [x] look the name up, and write it into your code :: Yes: it costs five minutes, once, and the
#   next file that wants more is refused.
# - [ ] go back to pickle, which never complained :: No: it trusts {{ 17 | len(wanted) }} names of your
#   own model, and every name of anybody else's.

# %% [markdown] tags=["question"]
# **The bundle was saved with scikit-learn 1.8, and the service has 1.9. Refuse?**
#
# - [ ] never: it can be loaded, can it not? :: No: loading is not the question. The same file may
#   predict something else.
# - [x] write down the rule before it happens, and test it :: Yes: refusing another first number is the
#   least. Stricter is to refuse any other version, and to rebuild the model in the release job.
# - [ ] always :: It is the strictest rule, and a fine one, if rebuilding is cheap. If it is not, people
#   will delete the check.

# %% [markdown]
# ## Take to work
#
# - Opening a pickle runs it. Read `pickletools` once, and believe it.
# - A model without its columns, versions, scores and name is half a model.
# - Check before you open: hash, version, columns, types. In this order.
# - Never overwrite a release. You will want the old one back, sooner than you think.
#
# **Exercise:** [`bundle`](../exercises/bundle.md): save and load with all of these checks, and
# without a way around them.
#
# **Sources:** data card of [flights](../data/flights.md) · [Python on pickle and
# trust](https://docs.python.org/3/library/pickle.html) · [scikit-learn on keeping
# models](https://scikit-learn.org/stable/model_persistence.html) · [skops on
# persistence](https://skops.readthedocs.io/en/stable/persistence.html) · M. Mitchell and others,
# [*Model cards for model reporting*](https://arxiv.org/abs/1810.03993), 2019
