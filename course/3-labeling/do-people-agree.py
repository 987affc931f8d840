# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [3-labeling/the-target-is-a-product-decision],
#     exercises: [alpha]}
# ---

# %% [markdown]
# # Do people agree?
#
# The product gets a feedback box, and support wants the very angry messages first. For sentences
# from newspaper editorials, two people give the same answer to *is this very negative?* in
# {{ 96% | agree.editorials:.0%}} of cases. When the first of the two says **yes**, the second
# says yes in **{{ 20% | second_yes.editorials:.0%}}**.
#
# Both numbers are true. One of them made it into the slides.
#
# After this lesson you can
#
# - **compute** agreement beyond chance, for any number of raters and gaps;
# - **locate** the disagreement: in the scale, in one class, or in the question;
# - **decide** whether to fix the [guideline](../glossary.md#guideline) or the task, before you pay
#   for more labels.
#
# Our feedback box is invented. The ratings are real: tweets, and sentences from product reviews,
# film reviews and editorials, each rated by many people from -4 to 4 ([data
# card](../data/ratings.md)). Some tweets have 99 ratings; we take the first 20 of each, so that no
# item counts five times.

# %%
import krippendorff
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from grader import load

KINDS = ["tweets", "reviews", "films", "editorials"]
ratings = {kind: load(f"ratings_{kind}").query("position <= 20") for kind in KINDS}
ratings["tweets"].head(3)


# %% [markdown]
# ## Build it wrong: percent agreement
#
# Take all pairs of ratings of the same sentence, and count how often they say the same.


# %%
def count(labels, items):
    """Return a table of items by labels: how many raters said what."""
    return labels.groupby([items, labels]).size().unstack(fill_value=0)


def percent_agreement(counts):
    """Return how often two raters of one item say the same."""
    n = counts.sum(axis=1)
    return ((counts * (counts - 1)).sum(axis=1) / (n * (n - 1))).mean()


furious = {kind: count(table.rating <= -3, table["item"]) for kind, table in ratings.items()}
agree = pd.Series({kind: percent_agreement(counts) for kind, counts in furious.items()})
print(agree.map("{:.1%}".format).to_string())

# %% [markdown]
# Editorials first, films last, everything near 90%. Send it to support, and start labeling
# editorials?
#
# ## Find the cause: what would chance do?
#
# Nearly all sentences are *not* very negative, and people know it. Somebody who says no without
# reading agrees with nearly everybody.

# %%
rows, second_yes = {}, pd.Series(dtype=float)
for kind, counts in furious.items():
    yes, n = counts[True], counts.sum(axis=1)
    second_yes[kind] = (yes * (yes - 1) / (n - 1)).sum() / yes.sum()
    share = yes.sum() / n.sum()
    chance = share**2 + (1 - share) ** 2
    rows[kind] = (share, chance, agree[kind], second_yes[kind])
columns = ["say yes", "chance", "agree", "second yes"]
pd.DataFrame.from_dict(rows, "index", columns=columns).map("{:.1%}".format)

# %% [markdown]
# For editorials, answers dealt out at random would agree in
# {{ 94.7% | rows["editorials"][1]:.1%}} of pairs. People manage
# {{ 95.6% | agree.editorials:.1%}}. Of the distance between chance and perfection they cover
# {{ less than a fifth | by_hand.editorials < 0.2 }}.
#
# That share of the way is the whole idea of the classic coefficients: **(agreement - chance) / (1 -
# chance)**. Scott, Cohen and Fleiss each have one, for two raters or for full tables. [Krippendorff's
# alpha](../glossary.md#krippendorffs-alpha) takes any number of raters and any gaps, and corrects
# for small samples:
#
# > alpha = 1 - observed disagreement / expected disagreement

# %%
by_hand, alpha = pd.Series(dtype=float), pd.Series(dtype=float)
for kind, counts in furious.items():
    _, chance, agreement, _ = rows[kind]
    by_hand[kind] = 1 - (1 - agreement) / (1 - chance)
    alpha[kind] = krippendorff.alpha(
        value_counts=counts.to_numpy(), value_domain=[0, 1], level_of_measurement="nominal"
    )
    print(f"{kind:10} by hand {by_hand[kind]:.3f}  krippendorff {alpha[kind]:.3f}")

# %% [markdown]
# The set with the best agreement has {{ the worst alpha | agree.idxmax() == alpha.idxmin() }}.

# %% alt="Scatter plot of four kinds of text under two questions. Horizontal: how often two raters agree. Vertical: Krippendorff's alpha. For the question positive, neutral or negative, {{ agreement and alpha rise together | sign_agree.sort_values().index.equals(sign_alpha.sort_values().index) }}, from editorials ({{ 59% | sign_agree.editorials:.0%}}, {{ 0.36 | sign_alpha.editorials:.2f }}) to films ({{ 85% | sign_agree.films:.0%}}, {{ 0.72 | sign_alpha.films:.2f }}). For the question very negative or not, all agree in {{ 86% | agree.min():.0%}} to {{ 96% | agree.max():.0%}}, and {{ all alphas are below 0.5 | (alpha < 0.5).all() }}; editorials are {{ at the far right and at the bottom | agree.idxmax() == alpha.idxmin() == 'editorials' }}, with {{ 0.17 | alpha.editorials:.2f }}."
SIGNS = [-1, 0, 1]
signs = {kind: count(np.sign(table.rating), table["item"]) for kind, table in ratings.items()}
sign_agree = pd.Series({kind: percent_agreement(counts) for kind, counts in signs.items()})
sign_alpha = pd.Series(
    {
        kind: krippendorff.alpha(
            value_counts=counts.to_numpy(), value_domain=SIGNS, level_of_measurement="nominal"
        )
        for kind, counts in signs.items()
    }
)

fig, ax = plt.subplots(figsize=(6.4, 3.8))
for x, y, marker, question in [
    (sign_agree, sign_alpha, "o", "positive, neutral or negative?"),
    (agree, alpha, "s", "very negative or not?"),
]:
    ax.plot(x * 100, y, marker, label=question)
    for kind in KINDS:
        side = -1 if (kind, marker) == ("tweets", "s") else 1  # two marks lie close together
        away = {"xytext": (6 * side, -4), "textcoords": "offset points"}
        ax.annotate(kind, (x[kind] * 100, y[kind]), ha="left" if side > 0 else "right", **away)
ax.set(xlabel="two raters agree (%)", ylabel="alpha", xlim=(55, 105), ylim=(0, 0.85))
ax.legend(loc="lower left")
plt.show()

# %% [markdown]
# Krippendorff's own [advice](https://doi.org/10.1111/j.1468-2958.2004.tb00738.x) is to rely on data
# with alpha of .800 or more, and to draw tentative conclusions down to .667. Nothing in the plot
# reaches the first. Films and reviews reach the second, for the easier question. It is advice, not
# a law: what it costs to be wrong decides. But a feedback router for editorials would be trained on
# an argument.
#
# ## Build it right: find out what they disagree about
#
# A low alpha is a symptom. There are three usual places to look.
#
# ### Is it the scale?
#
# Nine steps are a lot to agree on. Alpha can be told what a near miss is worth: *nominal* knows only
# same or different, *ordinal* counts how far apart two answers are in rank, *interval* squares the
# difference.


# %%
nine = {kind: count(table.rating, table["item"]) for kind, table in ratings.items()}
LEVELS = ["nominal", "ordinal", "interval"]
scale = pd.DataFrame(
    {
        kind: {
            level: krippendorff.alpha(
                value_counts=c.to_numpy(), value_domain=list(c), level_of_measurement=level
            )
            for level in LEVELS
        }
        for kind, c in nine.items()
    }
)
scale.round(2)

# %% [markdown]
# People hardly ever tick the same of nine boxes ({{ 0.26 | scale.tweets["nominal"]:.2f }} for
# tweets), and they do put tweets in much the same order ({{ 0.76 | scale.tweets["interval"]:.2f }}).
# So train on the mean and not on the box, and **report alpha at the level at which you use the label**.
# Editorials stay behind at every level ({{ 0.53 | scale.editorials["interval"]:.2f }}). There it is
# not the scale.
#
# ### Is it one class?
#
# Drop to three answers and take them apart. First: *is there a sentiment at all?* Then, among the
# raters who saw one: *which?*

# %%
split = {}
for kind, counts in signs.items():
    some = pd.DataFrame({0: counts[0], 1: counts[-1] + counts[1]})
    two = {"value_domain": [0, 1], "level_of_measurement": "nominal"}
    split[kind] = {
        "all three": sign_alpha[kind],
        "neutral or not": krippendorff.alpha(value_counts=some.to_numpy(), **two),
        "which side": krippendorff.alpha(value_counts=counts[[-1, 1]].to_numpy(), **two),
    }
split = pd.DataFrame(split)
split.round(2)

# %% [markdown]
# Here is the culprit, {{ in all four sets | (split.loc["neutral or not"] < split.loc["which
# side"]).all() }}. Whoever sees a sentiment sees the same one
# ({{ 0.73 | split.loc["which side"].min():.2f }} to
# {{ 0.87 | split.loc["which side"].max():.2f }}). What people cannot agree on is where *neutral*
# ends ({{ 0.16 | split.loc["neutral or not"].min():.2f }} to
# {{ 0.50 | split.loc["neutral or not"].max():.2f }}). Film reviews look fine only because so few
# sentences in them are neutral.
#
# ### Is it the question?
#
# Now read. Only tweets come with their text. These split the raters:

# %%
texts = load("ratings_tweets_items").set_index("item").text
said = signs["tweets"].div(signs["tweets"].sum(axis=1), axis=0)
for item in ["262", "2374", "2670", "626"]:
    minus, zero, plus = said.loc[item]
    print(f"- {minus:.0%}  0 {zero:.0%}  + {plus:.0%}  {texts[item]}")

# %% [markdown]
# Nobody here need be careless. The first tweet is *ironic*: rate the words or the mood? The
# second has *two feelings*. The third is a *joke about bad news*. The last *reports bad news* in
# neutral words: rate the writer or the world? Where the guideline does not say, everybody
# writes their own.
#
# | you find | it is | do |
# |---|---|---|
# | near misses on a fine scale | the scale | use means, or fewer steps |
# | one class that everybody draws differently | the guideline | define that border, with five examples on each side |
# | few items, with a reason you can name | the guideline | write the reason down as a rule |
# | few raters against the rest | the raters | train or pay them better; see the next lesson |
# | disagreement everywhere, after all that | **the task** | ask another question; the label may not exist |
#
# For the feedback box: drop *very negative*. Ask *does this person need an answer today?*, which
# somebody will act on, and let raters say *cannot tell*. Label a hundred, compute alpha, rewrite the
# page, label another hundred. Two rounds cost less than one training set about nothing.
#
# ## How a professional does it
#
# An alpha is an estimate, and pilots are small. Draw the items again, with replacement, and give an
# interval. [krippendorff](https://github.com/pln-fing-udelar/fast-krippendorff) takes counts of
# items by values, so a thousand resamples are cheap.

# %%
rng = np.random.default_rng(0)


def interval(counts, items, times=400):
    """Return the middle 90% of alpha for pilots of so many items."""
    table = counts.to_numpy()
    draws = [
        krippendorff.alpha(
            value_counts=table[rng.integers(0, len(table), items)],
            value_domain=SIGNS,
            level_of_measurement="nominal",
        )
        for _ in range(times)
    ]
    return np.quantile(draws, [0.05, 0.95])


pilot = {n: interval(signs["editorials"], n) for n in (50, 100, 400)}
for n, (low, high) in pilot.items():
    print(f"{n:4} editorials, 20 raters each: alpha {low:.2f} to {high:.2f}")

# %% [markdown]
# With {{ 100 | list(pilot)[1] }} items you can tell {{ 0.36 | sign_alpha.editorials:.2f }} from
# .667. You cannot tell whether your new guideline gained five hundredths. So test guidelines on the
# same items, and look for the big mistakes first.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **Two moderators agree on 98% of comments. 1% of comments are reported as threats. Good?**
#
# - [ ] Yes: 98% is excellent :: No: if both say "no threat" without reading, they agree on 100%.
# - [x] Ask how often the second says threat when the first does :: Yes: or compute alpha. Both look at
#   the class that you care about.
# - [ ] No: with 1% threats nobody can measure agreement :: No: you need more items, or a sample with
#   more suspects in it, and the number is as clear as any.

# %% [markdown] tags=["question"]
# **All your raters call all pilot items harmless. What is alpha?**
#
# - [ ] 1, they agree perfectly :: No: perfectly, and about what? They never had to tell two things
#   apart.
# - [ ] 0, no better than chance :: No: chance would agree perfectly, too. Zero over zero is not zero.
# - [x] Undefined :: Yes: a pilot without variation says nothing. Pick items that differ.

# %% [markdown] tags=["question"]
# **Alpha is {{ 0.36 | sign_alpha.editorials:.2f }}. A colleague wants to go from 20 raters per item
# to 40.**
#
# - [ ] Good: more raters, higher agreement :: No: agreement between two people does not depend on
#   how many others there are. You get a steadier mean of different opinions.
# - [x] First find out what they disagree about :: Yes: {{ 0.25 | split.loc["neutral or not",
#   "editorials"]:.2f }} on *neutral or not*, {{ 0.73 | split.loc["which side", "editorials"]:.2f }}
#   on the side. That is a page of guideline, not a budget.
# - [ ] Better drop the raters who disagree most :: No: alpha rises when you remove people who disagree.
#   It would also rise if they were right.

# %% [markdown]
# ## Take to work
#
# - Percent agreement rewards rare labels. Report what chance would give, or alpha, next to it.
# - Choose the level by how the label is used. A mean needs order, a box needs the same box.
# - Split the labels before you blame the raters: one class usually carries the quarrel.
# - Pilot, read what splits people, rewrite the page, pilot again. Then spend the budget.
#
# **Exercise:** [`alpha`](../exercises/alpha.md): the coefficient itself, with gaps, three levels and
# an honest NaN, compared with the library on many tables.
#
# **Next:** [Many raters, one label](many-raters-one-label.md)
#
# **Sources:** [ratings data card](../data/ratings.md) (Hutto and Gilbert, ICWSM 2014) · K.
# Krippendorff, [*Reliability in content
# analysis*](https://doi.org/10.1111/j.1468-2958.2004.tb00738.x), Human Communication Research 30
# (2004) · R. Artstein and M. Poesio, [*Inter-coder agreement for computational
# linguistics*](https://doi.org/10.1162/coli.07-034-R2) (2008) · A. Feinstein and D. Cicchetti, [*High
# agreement but low kappa*](https://doi.org/10.1016/0895-4356(90)90158-L) (1990) ·
# [krippendorff](https://github.com/pln-fing-udelar/fast-krippendorff), the library
