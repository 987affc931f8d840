# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
#   course: {minutes: 30, difficulty: 2, needs: [4-cleaning/look-before-you-fix],
#     exercises: [parse_height]}
# ---

# %% [markdown]
# # Parse, don't coerce
#
# The registration form asks for your height in inches, because somebody wants to sell legroom. One
# line turned the answers into numbers, raised nothing, and made the mean traveler
# **{{ 94.6 | coerced.mean():.1f }} inches** tall, which is {{ 2.40 | coerced.mean() * 0.0254:.2f }}
# meters.
#
# The legroom is ours; the answers are real. {{ 1,095 | len(heights):, }} people typed them into a
# free text box that asked for inches ([data card](../data/heights.md)).
#
# After this lesson you can
#
# - **read** a text column by its shapes before you convert it;
# - **write** a parser that gives a value or a reason, and never a guess;
# - **watch** its refusals, which tell you when the people behind the form change.

# %%
import re

import matplotlib.pyplot as plt
import pandas as pd

from grader import load

heights = load("heights")
coerced = pd.to_numeric(heights.height, errors="coerce")
print(coerced.agg(["mean", "median", "max"]).round(1).to_string())
print("null  ", coerced.isna().sum())

# %% [markdown]
# ## Build it wrong
#
# `errors="coerce"` means: what is not a number becomes null, and nobody hears about it. So `5'10"`
# is null now. And what *is* a number stays, so whoever wrote 178, in centimeters, is almost fifteen
# feet tall. The usual repair is a range. Few adults are shorter than 50 inches or taller than 84.

# %%
LOW, HIGH = 50, 84
kept = coerced.between(LOW, HIGH)
mean, spread = coerced[kept].mean(), coerced[kept].std()
print(f"kept {kept.mean():.1%}: mean {mean:.1f} in, spread {spread:.1f} in")

# %% [markdown]
# A mean of {{ 68.4 | coerced[kept].mean():.1f }} inches, a sane spread, a bell curve if you plot
# it. Ticket closed. And {{ 292 | (~kept).sum() }} people who answered your question are gone: you
# kept {{ 73.3% | kept.mean():.1%}}.
#
# ## Find the cause: look at shapes
#
# You will not read {{ 1,095 | len(heights):, }} strings. You can read {{ 25 | shape.nunique() }}
# shapes. Write `9` for every run of digits and `a` for every run of letters, and count.

# %%
shape = heights.height.str.replace(r"\d+", "9", regex=True)
shape = shape.str.replace(r"[A-Za-z]+", "a", regex=True)
answers = pd.DataFrame({"shape": shape, "text": heights.height, "kept": kept})


def first_four(texts):
    """Show four different texts."""
    return "  ".join(texts.unique()[:4])


shapes = answers.groupby("shape").kept.agg(answers="size", kept="sum")
lost_texts = answers[~kept].groupby("shape").text
shapes["lost, for example"] = lost_texts.agg(first_four)
shapes.sort_values("answers", ascending=False).head(8)

# %% [markdown]
# (`9'9"` comes twice: once with an inch mark, once with two apostrophes.)
#
# Few of the lost wrote nonsense. They wrote feet and inches, or centimeters, or `5.8`. The form
# asked for inches, and people answered with the number that they know about themselves.
#
# Nor does the loss fall evenly. The {{ 309 | early.sum() }} answers of September 2014 came mostly
# within three days; of those, the filter dropped {{ 13% | 1 - kept[early].mean():.0%}}. Of
# everybody who registered later it dropped {{ 32% | 1 - kept[~early].mean():.0%}}.

# %%
month = heights.time_stamp.str[:7]
early = month == "2014-09"
print(f"lost in September 2014: {1 - kept[early].mean():.1%}")
print(f"lost later:             {1 - kept[~early].mean():.1%}")

# %% [markdown]
# ## Build it right: a parser that can say no
#
# Alexis King put it in three words: [*Parse, don't
# validate*](https://lexi-lambda.github.io/blog/2019/11/05/parse-don-t-validate/). A validator looks
# at a string, says "fine" and forgets what it saw. A [parser](../glossary.md#parser) turns the
# string into something
# stronger, or fails in a way that you cannot overlook.
#
# Ours is a list of **forms**. Each says how the *whole* string looks and what its parts mean. A
# string that has no form is refused. So is a height that nobody has.

# %%
FORMS = {
    "inches": r"(?P<inches>\d\d(\.\d+)?)",
    "cm": r"(?P<cm>\d{3}(\.\d+)?) *(cm)?",
    "feet": r"(?P<feet>\d) *' *(?P<inches>(\d|1[01])(\.\d+)?) *(''|\")?",
}


def parse(text):
    """Return (inches, name of the form), or (None, why not)."""
    for form, pattern in FORMS.items():
        if match := re.fullmatch(pattern, text.strip()):
            part = {name: float(x) for name, x in match.groupdict().items()}
            inches = 12 * part.get("feet", 0) + part.get("inches", 0)
            inches += part.get("cm", 0) / 2.54
            if LOW <= inches <= HIGH:
                return inches, form
            return None, "no such person"
    return None, "no such form"


results = heights.height.map(parse)
heights["inches"] = pd.to_numeric(results.str[0])
heights["reading"] = results.str[1]
read = heights.inches.notna()
print(heights.reading.value_counts().to_string())
print(f"\nread {read.mean():.1%}: mean {heights.inches.mean():.1f} in")

# %% [markdown]
# Three forms read {{ 86.8% | read.mean():.1%}}. Say the other thing plainly too: the mean hardly
# moved, from {{ 68.4 | coerced[kept].mean():.1f }} to {{ 68.3 | heights.inches.mean():.1f }}
# inches. If a mean were all that you wanted, the range would have done. But you want the travelers,
# and the range threw away {{ 148 | (read & ~kept).sum() }} whom three patterns can read.

# %% alt="Two lines by quarter, {{ from the third quarter of 2014 to the second of 2016 | [lost.index[0], lost.index[-1]] == ['2014Q3', '2016Q2'] }}. The share of answers lost by coercion and a range starts at {{ 13% | lost.coerced.iloc[0]:.0%}}, stays between {{ 22% | lost.coerced.iloc[1:-1].min():.0%}} and {{ 35% | lost.coerced.iloc[1:-1].max():.0%}} for {{ six | len(lost) - 2 == 6 }} quarters, and ends at {{ 55% | lost.coerced.iloc[-1]:.0%}}. The share refused by the parser lies below it {{ in every quarter | (lost.parsed < lost.coerced).all() }}: {{ 8% | lost.parsed.iloc[0]:.0%}} at first, {{ 22% | lost.parsed.iloc[-1]:.0%}} at the end."
quarter = pd.PeriodIndex(heights.time_stamp, freq="Q").astype(str)
lost = pd.DataFrame({"coerced": ~kept, "parsed": ~read}).groupby(quarter)
lost = lost.mean()[lost.size() >= 50]

fig, ax = plt.subplots(figsize=(6.4, 3.4))
ax.plot(lost.index, lost.coerced * 100, "o-", color="C1")
ax.plot(lost.index, lost.parsed * 100, "s-", color="C0")
ax.annotate("lost by coercion and a range", (2, 38), color="C1")
ax.annotate("refused by three forms", (2, 8), color="C0")
ax.set_xlabel("quarter of registration (with 50 answers or more)")
ax.set(ylabel="answers lost (%)", ylim=(0, 60))
plt.show()

# %% [markdown]
# The upper line says nothing about heights. It shows who was asked, and in which units they think.
# Filter like that, and the first quarter and the last lose very different shares of their people.
#
# ### What to refuse
#
# Look at `5.11`. As a decimal it is {{ 155.8 | 5.11 * 30.48:.1f }} cm; as five feet eleven it is
# {{ 180.3 | (5 * 12 + 11) * 2.54:.1f }} cm. Which habit do people have?

# %%
dotted = heights.height[heights.height.str.fullmatch(r"[4-7]\.\d+")]
after_dot = dotted.str.split(".").str[1].astype(int)
print("cannot be inches:", *dotted[after_dot > 11])
print("can be both:     ", *dotted[after_dot <= 11].unique())

# %% [markdown]
# Both. {{ 6 | (after_dot > 11).sum() }} answers can only be decimals, so decimal people exist, and
# the other {{ 57 | (after_dot <= 11).sum() }} have two readings. Pick one, and where you are wrong
# no trace is left. **Refuse, keep the text, count the refusals.** The cheapest place to refuse is
# the form itself, while somebody who knows the answer is still looking at it.
#
# ### A property, not an example
#
# You can test a parser without inventing inputs: *what we print, we can read*.


# %%
def show(inches):
    """Write a height the way people do."""
    return f"{int(inches // 12)}'{inches % 12:.0f}"


assert all(parse(show(inches))[0] == inches for inches in range(LOW, HIGH + 1))
print(show(71.6), parse(show(71.6)))

# %% [markdown]
# Whole inches survive. 71.6 does not: `show` rounds the inches up to twelve and forgets to carry.
# Perhaps somebody's app has the same bug: `5'12` stands in the column. The property found a fault
# in the printer, and a decision for the parser.
#
# ## How a professional does it
#
# The parser decides about a string. Whether the *batch* is normal, a schema decides. With
# [pandera](https://pandera.readthedocs.io/) you write down what the rest of the code may rely on,
# the share of refusals included, and run it on each delivery.

# %%
import pandera.pandas as pa


def four_in_five_are_read(batch):
    """Allow one refusal in five answers."""
    return batch.inches.notna().mean() >= 0.8


reasons = ["no such form", "no such person"]
schema = pa.DataFrameSchema(
    {
        "height": pa.Column(str),  # the raw text stays
        "inches": pa.Column(float, pa.Check.in_range(LOW, HIGH), nullable=True),
        "reading": pa.Column(str, pa.Check.isin([*FORMS, *reasons])),
    },
    checks=pa.Check(four_in_five_are_read),
)
alarms = {}
for name, batch in heights.groupby(quarter):
    try:
        schema.validate(batch, lazy=True)
    except pa.errors.SchemaErrors:
        refused = alarms[name] = batch.height[batch.inches.isna()]
        print(f"{name}: {len(refused)} of {len(batch)} refused:", *refused)

# %% [markdown]
# {{ 2 | len(alarms) }} of {{ 14 | quarter.nunique() }} quarters alarm. The last has
# {{ 17 | (quarter == "2017Q3").sum() }} answers, so {{ 4 | len(alarms["2017Q3"]) }} refusals are
# enough: a share of a small batch is a nervous witness. In 2016 you read the refusals and see your
# next form.
#
# For one record at a time, at the edge of a service, [Pydantic](https://docs.pydantic.dev/) does
# the same job: the field's type *is* the parser, and its refusal reaches the user as an error
# message.
#
# ## Check yourself

# %% [markdown] tags=["question"]
# **The column holds `5.11`. What does a parser return?**
#
# - [ ] 155.8 cm, because it is a decimal number :: No: some people mean that, and
#   {{ 6 | (after_dot > 11).sum() }} answers prove that they exist. Others do not.
# - [ ] 180.3 cm, because nobody knows their height in hundredths of a foot :: No: likely, and still
#   a guess. Nobody downstream can tell it from a measurement.
# - [x] Nothing, with a reason, and the text is kept :: Yes: a refusal can be asked about, counted
#   and mended later. A guess cannot.

# %% [markdown] tags=["question"]
# **Why `re.fullmatch` and not `re.search`?**
#
# - [ ] It is faster :: No: perhaps, but a second is not what you would lose.
# - [x] With `search`, `649,606` is {{ 64 | re.search(FORMS["inches"], "649,606")[0] }} inches tall
#   :: Yes: a search finds a number in nearly anything. A parser accounts for every character, or
#   refuses.
# - [ ] No reason; both find the digits :: No: finding digits is what went wrong in the first place.
#   The rest of the string says what they mean.

# %% [markdown] tags=["question"]
# **After the range filter, mean and spread look right. What have you shown?**
#
# - [ ] That the cleaning worked :: No: a filter that keeps plausible values leaves plausible
#   values. It could not have come out otherwise.
# - [ ] That the lost answers were noise :: No: {{ 148 | (read & ~kept).sum() }} of them are read by
#   two more patterns.
# - [x] Only that the answers you kept are plausible :: Yes: what is missing, and whose it is, does
#   not show in a summary of what is left.

# %% [markdown]
# ## Take to work
#
# - Count shapes before you convert. It takes two lines, and no regular expression beyond `\d+`.
# - A parser accounts for the whole string, checks that the value can exist, and returns a value or
#   a reason.
# - Two readings are no reading. Keep the raw text beside the parsed value.
# - Watch the share of refusals, by batch. The mean of what is left will not tell you.
#
# **Exercise:** [`parse_height`](../exercises/parse_height.md) asks for the rest: units and words,
# decimal commas, meters, the carry that `show` forgot, and silence where two readings fit.
#
# **Next:** [Times, units, stand-ins](times-units-stand-ins.md).
#
# **Sources:** [heights data card](../data/heights.md) · [reported_heights in
# dslabs](https://rdrr.io/cran/dslabs/man/reported_heights.html) · A. King, [*Parse, don't
# validate*](https://lexi-lambda.github.io/blog/2019/11/05/parse-don-t-validate/) (2019) ·
# [pandas.to_numeric](https://pandas.pydata.org/docs/reference/api/pandas.to_numeric.html) ·
# [pandera on checks](https://pandera.readthedocs.io/en/stable/checks.html)
