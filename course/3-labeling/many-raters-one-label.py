# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 35, difficulty: 3, needs: [3-labeling/do-people-agree], exercises: [aggregate]}
# ---

# %% [markdown]
# # Many raters, one label
#
# {{ 10,605 | len(items):, }} sentences from film reviews, each rated by
# {{ five | (np.bincount(item) == 5).all() }} people: positive, neutral or negative? Let them vote,
# and {{ 96.4% | score(vote):.1%}} of the labels are right. Then somebody
# reads the literature, and models how reliable each rater is. Round after round the model explains
# the ratings better. After {{ 60 | len(path) }} rounds **{{ 65% | path[-1]:.0%}}** of the labels are
# right.
#
# After this lesson you can
#
# - **find out** whether your table knows who its raters are;
# - **vote** as a baseline that keeps its ties and its doubts;
# - **weigh** raters by their record, as far as the record reaches and no further.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from grader import load

rng = np.random.default_rng(0)
films = load("ratings_films").astype({"item": int})
films["label"] = np.sign(films.rating)
films.head(3)

# %% [markdown]
# ## First: who is a rater?
#
# `position` is the place of a rating in its list. The [data card](../data/ratings.md) warns that
# the third place need not be the same person twice. But people are given work in batches. If a
# batch was 30 sentences, the third place may be one person for 30 rows. People have habits, some
# rate high and some low, and habits can be measured: take each place in each block of 30, and
# compare its mean deviation on odd sentences with that on even ones.


# %%
def habits(table, number):
    """Correlate each place's leaning on odd and even sentences of a block of 30."""
    leaning = table.rating - table.groupby("item").rating.transform("mean")
    halves = leaning.groupby([number // 30, table.position, number % 2]).mean().unstack()
    return halves.corr().iloc[0, 1]


habit = {}
for kind in ["tweets", "reviews", "films", "editorials"]:
    table = load(f"ratings_{kind}").query("position <= 20")
    habit[kind] = habits(table, pd.Series(pd.factorize(table["item"])[0], table.index))
    print(f"{kind:10} {habit[kind]:5.2f}")

# %% [markdown]
# Only the films remember. There a place in a block of 30 behaves like one person
# ({{ 0.87 | habit["films"]:.2f }}); in the other sets it is just a place. So everything below that
# speaks of raters is done on films, and it rests on this inference. If you buy labels: **store an
# id for whoever gave them.** Nothing in this lesson works without.

# %%
films["rater"] = films.groupby([(films["item"] - 1) // 30, "position"]).ngroup()
block = ((films["item"] - 1) // 30).groupby(films.rater).first()
chosen = block.sample(frac=1, random_state=1).groupby(block).head(5).index  # five of each block
ours, others = films[films.rater.isin(chosen)], films[~films.rater.isin(chosen)]

items = np.sort(films["item"].unique())
verdict = others.groupby(["item", "label"]).size().unstack(fill_value=0).reindex(items)
clear = (verdict.eq(verdict.max(axis=1), axis=0).sum(axis=1) == 1).to_numpy()
truth = verdict.idxmax(axis=1).to_numpy() + 1  # 0 negative, 1 neutral, 2 positive


def score(weights):
    """Return the share of right labels; ties go by lot."""
    lot = np.random.default_rng(2).random(weights.shape)
    guess = (weights + 1e-9 * lot).argmax(axis=1)
    return (guess == truth)[clear].mean()


# %% [markdown]
# Each block has 15 to 29 raters. Five of them make our labels. The plurality of the *others*
# stands in for the truth where it is clear ({{ 99% | clear.mean():.0%}} of sentences). That
# reference is itself a vote, which favors voting; keep it in mind.
#
# ## Build it wrong
#
# The vote first, then [Dawid and Skene's method](../glossary.md#dawid-skene) of 1979, which is
# still what "do something smarter
# than voting" means. Every rater gets a table: when the truth is *neutral*, how often do they say
# *positive*? Truth and tables are unknown, so start from the vote and estimate the two in turn
# until nothing moves.

# %%
item = np.searchsorted(items, ours["item"])
rater = pd.factorize(ours.rater)[0]
label = ours.label.to_numpy() + 1


def tally(weight, label):
    """Sum the weights of the votes, by item and label."""
    total = np.zeros((len(items), 3))
    np.add.at(total, (item, label), weight)
    return total


def normal(log):
    """Turn log scores into probabilities, row by row."""
    odds = np.exp(log - log.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def dawid_skene(label, rounds, right=0.0, wrong=0.0):
    """Yield the probability of each label for each item, round by round."""
    belief = tally(1, label) / tally(1, label).sum(axis=1, keepdims=True)
    for _ in range(rounds):
        tables = np.full((rater.max() + 1, 3, 3), 1e-10 + wrong / 2)
        tables += (right - wrong / 2) * np.eye(3)  # answers as if given before
        np.add.at(tables, (rater, label), belief[item])  # said, by truth
        tables /= tables.sum(axis=1, keepdims=True)
        log = np.tile(np.log(belief.mean(axis=0)), (len(items), 1))
        np.add.at(log, item, np.log(tables[rater, label]))
        belief = normal(log)
        yield belief


vote = tally(1, label)
beliefs = list(dawid_skene(label, 60))
path = [score(belief) for belief in beliefs]
print(f"vote {score(vote):.1%}")
print("Dawid-Skene, rounds 1, 10, 60:", *[f"{path[n - 1]:.1%}" for n in (1, 10, 60)])

# %% [markdown]
# ## Find the cause: count what you estimate
#
# Six free numbers a rater, {{ 1,770 | rater.max() + 1:, }} raters. How much does each have to go
# by?

# %%
per_rater = np.bincount(rater)
neutral = (truth == 1)[clear].mean()
print(f"answers by one rater:         {np.median(per_rater):.0f}")
print(f"of these on neutral ones:     {np.median(per_rater) * neutral:.1f}")
found_neutral = (beliefs[-1].argmax(axis=1) == 1)[clear].mean()
print(f"neutral, truth and estimate:  {neutral:.1%}, {found_neutral:.1%}")
right = pd.Series((beliefs[-1].argmax(axis=1) == truth)[clear])
right = right.groupby((items[clear] - 1) // 30).mean()
print(f"blocks mostly wrong:          {(right < 0.2).sum()} of {len(right)}")

# %% [markdown]
# {{ 30 | np.median(per_rater):.0f }} answers, and {{ 0.3 | np.median(per_rater) * neutral:.1f }} of
# a neutral sentence, from which the method learns what this person says about neutral sentences. It
# does not complain. It finds raters who "mark neutral as negative", moves sentences to neutral to
# make that true ({{ 6% | found_neutral:.0%}} of them, instead of {{ 1% | neutral:.0%}}), and the
# likelihood goes up, as in every round of this kind of algorithm. In
# {{ 59 | (right < 0.2).sum() }} of {{ 354 | len(right) }} blocks less than a fifth of the labels is
# right: there, good and bad have traded places.
#
# **A better fit is not a better label.** The method is not broken; it is starving.
#
# ## Build it right: pull toward the average
#
# Somebody of whom you know little is probably like the others. So start from a belief: as if each
# rater had been right 8 times of 9 before we looked, whatever the truth. Whoever has no record
# stays at the average, and the record must earn its influence. It is the shrinkage of [the look-up
# table](../1-scoping/the-dumbest-thing-that-works.md).
#
# Give that belief to the tables. And try a more modest model beside them, with one number: how
# often is this person right?


# %%
def one_number(label, rounds=20, right=8, wrong=1):
    """Return label probabilities with one shrunken accuracy for each rater."""
    belief = tally(1, label) / tally(1, label).sum(axis=1, keepdims=True)
    for _ in range(rounds):
        hits = np.bincount(rater, belief[item, label])
        accuracy = (hits + right) / (np.bincount(rater) + right + wrong)
        weight = np.log(2 * accuracy / (1 - accuracy))  # a coin among three has weight 0
        belief = normal(tally(weight[rater], label))
    return belief


*_, helped = dawid_skene(label, 30, right=8, wrong=1)
print(f"vote                       {score(vote):.1%}")
print(f"Dawid-Skene, pulled        {score(helped):.1%}")
print(f"one number, pulled         {score(one_number(label)):.1%}")

# %% [markdown]
# The tables are back from {{ 65% | path[-1]:.0%}} to {{ 96.0% | score(helped):.1%}}, by nothing but
# the pull. And one number has {{ 96.5% | score(one_number(label)):.1%}}, hardly more than the vote.
# Is that all? With these raters, yes. The authors screened them ([Hutto
# and Gilbert 2014](https://doi.org/10.1609/icwsm.v8i1.14550)), and where everybody is good,
# equal votes are hard to beat. So break it on purpose: let a share of the raters answer at random.


# %% alt="Two line plots of the share of right labels. Left, by round of estimation: Dawid-Skene starts at {{ 87% | path[0]:.0%}} and falls to {{ 65% | path[-1]:.0%}} after {{ 60 | len(path) }} rounds, far below the vote's constant {{ 96% | by_share.vote.iloc[0]:.0%}}. Right, by share of raters who answer at random, from {{ 0 | by_share.index.min():.0f }} to {{ 50 | 100 * by_share.index.max():.0f }} percent: the vote falls from {{ 96% | by_share.vote.iloc[0]:.0%}} to {{ 79% | by_share.vote.iloc[-1]:.0%}}, one number per rater from {{ 97% | by_share.one.iloc[0]:.0%}} to {{ 84% | by_share.one.iloc[-1]:.0%}}, {{ always above the vote | (by_share.one > by_share.vote).all() }}. Dawid-Skene as it is {{ is the lowest throughout | (by_share.dawid_skene < by_share.drop(columns='dawid_skene').min(axis=1)).all() }}; pulled, it {{ runs close below one number | (by_share.one - by_share.pulled).between(0, 0.02).all() }}, from {{ 96% | by_share.pulled.iloc[0]:.0%}} to {{ 83% | by_share.pulled.iloc[-1]:.0%}}."
def with_clickers(share):
    """Return our labels with a share of raters who answer at random."""
    clicks = rng.random(rater.max() + 1) < share
    return np.where(clicks[rater], rng.integers(0, 3, len(label)), label)


by_share = {}
for share in (0, 0.1, 0.2, 0.3, 0.4, 0.5):
    spoiled = with_clickers(share)
    *_, last = dawid_skene(spoiled, 20)
    *_, pulled = dawid_skene(spoiled, 20, right=8, wrong=1)
    *_, harder = dawid_skene(spoiled, 20, right=24, wrong=3)
    by_share[share] = {
        "vote": score(tally(1, spoiled)),
        "one": score(one_number(spoiled)),
        "one_as_it_is": score(one_number(spoiled, right=1e-6, wrong=1e-6)),
        "dawid_skene": score(last),
        "pulled": score(pulled),
        "pulled_harder": score(harder),
    }
by_share = pd.DataFrame.from_dict(by_share, "index")

fig, (left, other) = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
left.plot(range(1, 61), np.array(path) * 100, color="C1")
left.axhline(by_share.vote[0] * 100, ls="--", color="C0")
left.annotate("vote", (40, 92), color="C0")
left.annotate("Dawid-Skene", (20, 73), color="C1")
left.set(xlabel="round", ylabel="labels that are right (%)")
for name, style, text in [
    ("one", "C2s-", "one number, pulled"),
    ("pulled", "C3D-.", "Dawid-Skene, pulled"),
    ("vote", "C0o--", "vote"),
    ("dawid_skene", "C1^-", "Dawid-Skene"),
]:
    other.plot(by_share.index * 100, by_share[name] * 100, style, label=text)
other.set(xlabel="raters who click at random (%)", ylim=(30, 99))
other.legend(loc="lower left", fontsize="small")
plt.show()

# %% [markdown]
# There the weights pay: with a fifth of the raters clicking, one number has
# {{ 95% | by_share.one[0.2]:.0%}}, the pulled tables {{ 94% | by_share.pulled[0.2]:.0%}}, and the
# vote {{ 93% | by_share.vote[0.2]:.0%}}.
#
# What did it, the pull or the few numbers? Take the pull from the one number, and it has
# {{ 95% | by_share.one_as_it_is[0.2]:.0%}} as before: thirty answers are enough for one number.
# Take it from the tables, and they have {{ 61% | by_share.dawid_skene[0.2]:.0%}}. Pull them three
# times as hard, and they are {{ the best of all, whatever the share | (by_share.pulled_harder >=
# by_share.max(axis=1)).all() }}: with half of the raters clicking,
# {{ 88% | by_share.pulled_harder[0.5]:.0%}} against {{ 84% | by_share.one[0.5]:.0%}}. **The more
# numbers you estimate from the same answers, the harder you must pull.** Then even the tables pay.
#
# Three more things are worth knowing before you write the loop.
#
# - **A tie is information.** Break it by the alphabet, as `mode()[0]` does, and negative wins every
#   tie that it is in. Leave it open, and ask a sixth person.
# - **A vote is a person.** Somebody who clicks twice is not two people.
# - **The share travels with the label.** 3 of 5 and 5 of 5 are not the same label.
#
# ## How a professional does it
#
# [cleanlab](https://docs.cleanlab.ai/) has the vote, weights like ours, and one rater more: a model
# that reads the text. Only tweets come with text. Take three ratings of each, train a small model on
# their vote, and let both speak. (Here the columns are places and not people, so the weights of the
# raters mean nothing, and cleanlab duly finds them nearly equal, {{ 0.76 | places.min():.2f }} to
# {{ 0.77 | places.max():.2f }}.)

# %%
from cleanlab.multiannotator import get_label_quality_multiannotator, get_majority_vote_label
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import cross_val_predict
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline

tweets = load("ratings_tweets").query("position <= 20")
wide = np.sign(tweets.pivot(index="item", columns="position", values="rating")) + 1
text = load("ratings_tweets_items").set_index("item").text[wide.index]
three, rest = wide.iloc[:, :3], wide.iloc[:, 3:]
counts = np.stack([(rest == value).sum(axis=1) for value in range(3)], axis=1)
agreed = counts.argmax(axis=1)

majority = get_majority_vote_label(three.to_numpy())
reader = make_pipeline(CountVectorizer(min_df=2, binary=True), ComplementNB())
chance = cross_val_predict(reader, text, majority, method="predict_proba")
result = get_label_quality_multiannotator(three, chance, verbose=False)
quality, places = result["label_quality"], result["annotator_stats"].annotator_quality
consensus = quality.consensus_label.to_numpy()
doubtful = quality.consensus_quality_score.rank().to_numpy() <= 420
print(f"vote of three:              {(majority == agreed).mean():.1%}")
print(f"three and a reader:         {(consensus == agreed).mean():.1%}")
print(f"wrong among the 420 lowest: {(consensus != agreed)[doubtful].mean():.1%}")

# %% [markdown]
# The label gains little. The *score* is what you came for: of the
# {{ 10% | doubtful.mean():.0%}} of tweets that cleanlab trusts least,
# {{ 45% | (consensus != agreed)[doubtful].mean():.0%}} are wrong, against
# {{ 13% | (consensus != agreed).mean():.0%}} of all. That is the list of tweets for a fourth rater,
# and the subject of the next lesson.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **The likelihood rises with every round. What does that show?**
#
# - [ ] That the labels get better :: No: here they went from {{ 87% | path[0]:.0%}} to
#   {{ 65% | path[-1]:.0%}} while it rose.
# - [x] That the model explains the ratings better, with whatever freedom it has :: Yes: with six
#   numbers per rater it could explain them by inventing raters.
# - [ ] That one should stop when it is flat :: No: by then the damage is done. It began in round one.

# %% [markdown] tags=["question"]
# **Two raters say yes, two say no. Which label?**
#
# - [ ] Yes, it came first :: No: then the order of the file decides, and next month's file is sorted
#   differently.
# - [ ] A random one of the two :: No: fair, and still a label that nobody can tell from a sure one.
# - [x] None, and a note that it is tied :: Yes: a fifth person, a rule in the guideline, or no
#   training on it. All three need to know.

# %% [markdown] tags=["question"]
# **When would you leave voting for weights?**
#
# - [ ] Always: it cannot hurt :: No: it can cost {{ 31 | 100 * (score(vote) - path[-1]):.0f }} points.
# - [x] With ids, dozens of answers per rater, and reason to doubt some of them :: Yes: and then
#   pulled toward the average, the harder the more numbers you estimate per rater.
# - [ ] With many classes, because then voting ties :: No: more classes are more numbers to estimate
#   from the same answers.

# %% [markdown]
# ## Take to work
#
# - Keep an id for each rater, and every single answer. Means cannot be taken apart again.
# - Vote first. Keep ties, count votes, carry the share along.
# - Before a clever method: numbers to estimate, divided by answers to estimate them from. Where the
#   answers are few, pull toward the average.
# - Test it with planted bad raters, and against raters it has not seen.
#
# **Exercise:** [`aggregate`](../exercises/aggregate.md): the vote, done properly.
#
# **Next:** [Spending a label budget](spending-a-label-budget.md)
#
# **Sources:** [ratings data card](../data/ratings.md) · A. P. Dawid and A. M. Skene, [*Maximum
# likelihood estimation of observer error-rates using the EM
# algorithm*](https://doi.org/10.2307/2346806), Applied Statistics 28 (1979) · H. W. Goh, U. Tkachenko
# and J. Mueller, [*CROWDLAB*](https://arxiv.org/abs/2210.06812) (2022), behind
# [cleanlab.multiannotator](https://docs.cleanlab.ai/stable/cleanlab/multiannotator.html)
