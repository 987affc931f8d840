# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 2, needs: [3-labeling/many-raters-one-label],
#     exercises: [audit_labels]}
# ---

# %% [markdown]
# # Spending a label budget
#
# The budget pays for {{ 2,940 | BUDGET:, }} answers. Ask five people about each of
# {{ 588 | BUDGET // 5 }} tweets, and {{ 92% | right[5]:.0%}} of the labels are right. Ask one person
# about each of {{ 2,940 | BUDGET:, }} tweets, and {{ 83% | right[1]:.0%}} are. The second set makes
# the better model: macro-F1 **{{ 0.64 | f1[1]:.2f }}** against {{ 0.57 | f1[5]:.2f }}.
#
# Do the same with your *test* set, and you will never know how good the model is.
#
# After this lesson you can
#
# - **choose** how many raters an item gets, for training and for testing;
# - **send** the second round of questions where they are needed;
# - **audit** labels that cost you nothing.

# %%
import html

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB

from grader import load

tweets = load("ratings_tweets_items").set_index("item")
ratings = load("ratings_tweets")
twenty = ratings[ratings.position <= 20].pivot(index="item", columns="position", values="rating")
signs = np.sign(twenty.reindex(tweets.index)).to_numpy()
words = CountVectorizer(min_df=2, binary=True).fit_transform(tweets.text)


def plurality(answers, rng):
    """Return the most frequent of -1, 0, 1 for each row; ties go by lot."""
    counts = np.stack([(answers == value).sum(axis=1) for value in (-1, 0, 1)], axis=1)
    return (counts + 0.5 * rng.random(counts.shape)).argmax(axis=1) - 1


def ask(items, raters, rng):
    """Let so many of the twenty raters answer for each item, and vote."""
    who = rng.random((len(items), 20)).argsort(axis=1)[:, :raters]
    return plurality(np.take_along_axis(signs[items], who, axis=1), rng)


# %% [markdown]
# Each of the 4,200 tweets has 20 ratings or more, so we can play every budget through. 1,260 tweets
# are the test; what all twenty say about them stands in for the truth. The model counts words
# (naive Bayes: it trains in milliseconds, so each budget can be played twenty times, with other
# tweets for the test).

# %%
truth = plurality(signs, np.random.default_rng(0))
BUDGET = 2940


def draw(seed):
    """Return a generator, and tweets to train and to test on."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(signs))
    return rng, order[:BUDGET], order[BUDGET:]


def model_f1(items, labels, test):
    """Train on these labels and return macro-F1 on the test."""
    guess = ComplementNB().fit(words[items], labels).predict(words[test])
    return f1_score(truth[test], guess, average="macro")


def spend(budget, raters, seed):
    """Return the share of right labels, and what a model learns from them."""
    rng, train, test = draw(seed)
    items = train[: budget // raters]
    labels = ask(items, raters, rng)
    return (labels == truth[items]).mean(), model_f1(items, labels, test)


# %% [markdown]
# ## Build it wrong
#
# Everybody's instinct is clean labels first.

# %%
right, f1 = {}, {}
for raters in (1, 3, 5):
    right[raters], f1[raters] = np.mean([spend(BUDGET, raters, s) for s in range(20)], axis=0)
    print(
        f"{raters} raters on {BUDGET // raters:4} tweets: "
        f"{right[raters]:.1%} right, F1 {f1[raters]:.3f}"
    )

# %% [markdown]
# The labels {{ get better | right[1] < right[3] < right[5] }} and the model
# {{ gets worse | f1[1] > f1[3] > f1[5] }}. A model averages over tweets that share a word
# anyway, so [noise](../glossary.md#label-noise) that has no direction washes out. A tweet that was
# never labeled teaches nothing.

# %% alt="Line plot of macro-F1 against the number of answers paid for, from {{ 300 | budgets[0] }} to {{ 2,940 | budgets[-1]:, }}. Three lines: one rater a tweet {{ is highest at every budget | (curves[1] >= curves.max(axis=1)).all() }}, rising from {{ 0.50 | curves[1].iloc[0]:.2f }} to {{ 0.64 | curves[1].iloc[-1]:.2f }}; three raters from {{ 0.41 | curves[3].iloc[0]:.2f }} to {{ 0.60 | curves[3].iloc[-1]:.2f }}; five raters from {{ 0.38 | curves[5].iloc[0]:.2f }} to {{ 0.57 | curves[5].iloc[-1]:.2f }}. A dashed line at {{ 0.66 | all_twenty:.2f }} shows all tweets with twenty raters each."
budgets = [300, 600, 1200, 2400, 2940]
curves = pd.DataFrame(
    {
        raters: [np.mean([spend(b, raters, s)[1] for s in range(20)]) for b in budgets]
        for raters in (1, 3, 5)
    },
    index=budgets,
)
all_twenty = np.mean([spend(BUDGET * 20, 20, s)[1] for s in range(20)])

fig, ax = plt.subplots(figsize=(6.4, 3.6))
for raters, mark in zip(curves, ["o-", "s--", "^:"], strict=True):
    ax.plot(curves.index, curves[raters], mark, label=f"{raters} a tweet")
ax.axhline(all_twenty, color="0.5", ls="--")
ax.annotate("all tweets, twenty raters each: 58,800 answers", (330, all_twenty + 0.008))
ax.set(xlabel="answers paid for", ylabel="macro-F1 on the test", ylim=(0.35, 0.72))
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# Twenty times the money, all tweets and twenty raters each, buys
# {{ 0.02 | all_twenty - f1[1]:.2f }} more. When the tweets run out, and only then, a second opinion
# is the next thing to buy.
#
# This holds for noise without direction, for a model that can average, and while there are more
# items to label. Raters who all make the *same* mistake are not outvoted by more tweets.
#
# ## Find the cause of the next disappointment: the test
#
# Now the other half. Keep the models fixed, and let only the labels of the *test* get cheaper.


# %%
def measure(raters, seed):
    """Return the score of a well-trained model on a test with so many raters."""
    rng, train, test = draw(seed)
    guess = ComplementNB().fit(words[train], truth[train]).predict(words[test])
    return f1_score(ask(test, raters, rng), guess, average="macro")


measured = {n: np.mean([measure(n, s) for s in range(20)]) for n in (1, 3, 5, 9, 20)}
for raters, score in measured.items():
    print(f"{raters:2} raters per test tweet: F1 {score:.3f}")

# %% [markdown]
# The models are the same, and the score runs from {{ 0.62 | measured[1]:.2f }} to
# {{ 0.66 | measured[20]:.2f }}. Each number is a mean over twenty draws, so this is no bad luck:
# **noise in test labels does not average out, it subtracts.** With one rater, a model loses
# {{ 0.05 | measured[20] - measured[1]:.2f }} for being right where the rater was not. That is more
# than twenty raters for each training tweet had gained.
#
# So the two sets want opposite things.
#
# | | training | testing |
# |---|---|---|
# | noise in a label | washes out | stays, and counts against you |
# | more items | teach new words | narrow the error bar |
# | more raters per item | when items run out | first, until the score stops moving |
# | rule of thumb | one rater, many items | few hundred items, five raters or more |
#
# And people themselves? One of the twenty against the plurality of the other nineteen reaches a
# macro-F1 of {{ 0.77 | person:.2f }}. Know that number before somebody promises 0.95.
#
# ## Build it right: a second round where it is needed
#
# One rater each, as before. Now there is money for {{ 1,176 | 2 * SECOND:, }} more answers, two more opinions on a fifth
# of the tweets. On which?
#
# ## How a professional does it
#
# [cleanlab](https://docs.cleanlab.ai/) asks a model that has not seen a tweet's label how plausible
# the label is, and ranks.

# %%
from cleanlab.rank import get_label_quality_scores
from sklearn.model_selection import cross_val_predict

SECOND = 588
results = []
for seed in range(20):
    rng, train, test = draw(seed)
    who = rng.random((BUDGET, 20)).argsort(axis=1)[:, :3]
    three = np.take_along_axis(signs[train], who, axis=1).astype(int)
    first = three[:, 0]
    chance = cross_val_predict(ComplementNB(), words[train], first, method="predict_proba")
    doubted = get_label_quality_scores(first + 1, chance).argsort()[:SECOND]
    anybody = rng.choice(len(train), SECOND, replace=False)
    row = {"nobody": (first == truth[train]).mean(), "F1 nobody": model_f1(train, first, test)}
    row["found"] = (first != truth[train])[doubted].mean()
    for name, again in {"at random": anybody, "by cleanlab": doubted}.items():
        labels = first.copy()
        labels[again] = plurality(three[again], rng)
        row[name] = (labels == truth[train]).mean()
        row[f"F1 {name}"] = model_f1(train, labels, test)
    results.append(row)
second = pd.DataFrame(results).mean()
way = (second["F1 by cleanlab"] - second["F1 nobody"]) / (all_twenty - second["F1 nobody"])
for name in ("nobody", "at random", "by cleanlab"):
    print(f"asked again: {name:12} {second[name]:.1%} right, F1 {second[f'F1 {name}']:.3f}")

# %% [markdown]
# Of the tweets that cleanlab doubts, {{ 44% | second["found"]:.0%}} do have the wrong label, against
# {{ 17% | 1 - second["nobody"]:.0%}} of all. The same money repairs
# {{ 4 | 100 * (second["by cleanlab"] - second["nobody"]):.0f }} points of labels instead of
# {{ 1 | 100 * (second["at random"] - second["nobody"]):.0f }}. The model
# goes from {{ 0.644 | second["F1 nobody"]:.3f }} to {{ 0.652 | second["F1 by cleanlab"]:.3f }}. So
# {{ 4,116 | BUDGET + 2 * SECOND:, }} answers, well placed, go {{ 45% | way:.0%}} of the way to what
# {{ 58,800 | 20 * BUDGET:, }} had bought.
#
# The *test* set can use doubt, too. But there, ask about tweets where model and rater agree as
# well, or you will correct the test in favor of the model.
#
# ## Labels that cost nothing
#
# The same study published {{ 7,520 | len(lexicon):, }} words, each rated by ten people. Add up the
# words of a tweet, and you have labeled it for free.

# %%
lexicon = load("ratings_words_items")
value = lexicon.drop_duplicates("word").set_index("word").published_mean.to_dict()


def word_sum(text):
    """Add up the ratings of the words and emoticons in a text."""
    parts = html.unescape(text).split()
    return sum(value.get(p, value.get(p.strip(".,!?;:\"'()").lower(), 0)) for p in parts)


rule = np.sign(tweets.text.map(word_sum)).to_numpy()
rule_f1 = f1_score(truth, rule, average="macro")
print(f"word list {rule_f1:.3f}, best model so far {all_twenty:.3f}")

# %% [markdown]
# {{ 0.70 | rule_f1:.2f }}, from no label of ours, above everything that we paid for. Price the
# look-up before the project. (A caution: the people who made the list also studied these tweets. On
# your feedback box it has to be measured again, and that is what a small test set with many raters
# is for.)
#
# Free labels come with a debt: somebody else's mistakes. The tweets were published with a mean each,
# and with the ratings behind it. So check.

# %%
own = ratings.groupby("item").rating.agg(["mean", "size"]).reindex(tweets.index)
gap = (tweets.published_mean - own["mean"]).abs()
wrong = gap > 0.01
strong = [means[wrong].abs() >= 2 for means in (tweets.published_mean, own["mean"])]
changed = (strong[0] != strong[1]).mean()
flips = (np.sign(tweets.published_mean) != np.sign(own["mean"]))[wrong].sum()
print(f"means that are not those of the ratings: {wrong.sum()} of {len(tweets):,}")
print(f"largest gap {gap.max():.2f}; fewest ratings {own['size'][wrong].min()}; flips {flips}")

# %% [markdown]
# {{ 196 | wrong.sum() }} published means are not the means of their own ratings. All of them are
# among the {{ 1,000 | (own["size"] > 90).sum():, }} tweets with more than ninety ratings; why, the
# files do not say. Whoever uses the sign will never notice, because
# {{ 0 | flips }} signs change. Whoever uses *strong* sentiment, two points or more, has the wrong
# label in {{ 17% | changed:.0%}} of them. A mistake in a label file is as bad as your use of it.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **5,000 unlabeled messages, money for 5,000 answers, a model to train. You ask…**
#
# - [ ] five people about 1,000 messages, for clean labels :: No: cleaner labels, fewer words, a
#   worse model: {{ 0.57 | f1[5]:.2f }} against {{ 0.64 | f1[1]:.2f }} here.
# - [ ] one person about each of the 5,000 :: No: nearly. With what do you measure?
# - [x] one person each about 4,000, and five each about 200 others, for the test :: Yes: many cheap
#   labels to learn from, few good ones to judge by.

# %% [markdown] tags=["question"]
# **The test has one rater per item. You double the number of items. The score…**
#
# - [ ] rises toward the true one :: No: the error bar shrinks around the same wrong number.
# - [x] stays too low, and you are surer of it :: Yes: label noise is a bias of the score. Raters per
#   item remove it, items do not.
# - [ ] stays too high :: No: it would if model and rater made the same mistakes. Without that, noise
#   costs points.

# %% [markdown] tags=["question"]
# **You re-label only those test items where model and label disagree. Afterwards the score is up.**
#
# - [ ] Good: the test is cleaner now :: No: cleaner on one side. Items where both were wrong were
#   never looked at.
# - [x] The test now favors this model :: Yes: every correction could only help it. Re-label a random
#   part as well, without showing the model's answer.
# - [ ] That cannot happen: people decide, not the model :: No: the model chose what they looked at.

# %% [markdown]
# ## Take to work
#
# - Training: one rater, as many items as you can. Testing: several raters, until the score stops
#   moving.
# - Measure one person against the others. It tells what any score can mean.
# - Second opinions go where a model doubts, plus a random part, or you cannot trust the result.
# - Recompute published labels from their ratings, by id, before you build on them.
#
# **Exercise:** [`audit_labels`](../exercises/audit_labels.md) finds the
# {{ 196 | wrong.sum() }}, without being fooled by order, rounding and an invisible character.
#
# **Sources:** [ratings data card](../data/ratings.md) · C. Hutto and E. Gilbert,
# [*VADER*](https://doi.org/10.1609/icwsm.v8i1.14550), ICWSM (2014) · V. Sheng, F. Provost and P.
# Ipeirotis, [*Get another label?*](https://doi.org/10.1145/1401890.1401965), KDD (2008) · C. Northcutt,
# A. Athalye and J. Mueller, [*Pervasive label errors in test
# sets*](https://arxiv.org/abs/2103.14749) (2021) · [cleanlab](https://docs.cleanlab.ai/)

# %% tags=["remove-cell"]
# The figures that only the text states.
person = np.mean(
    [
        f1_score(
            plurality(np.delete(signs, j, axis=1), np.random.default_rng(j)),
            signs[:, j],
            average="macro",
        )
        for j in range(20)
    ]
)
