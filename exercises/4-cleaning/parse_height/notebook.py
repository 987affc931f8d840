# %% [markdown]
# # A parser that refuses
#
# Of 1,095 heights that students typed into a form, `pd.to_numeric` and a range check (50 to 84
# inches) keep 73.3% and throw the rest away. The parser that you write here reads 88.2% without one
# guess, and leaves to a person what can be read in two ways: `5.11` is five feet eleven to one and
# 5.11 feet to another.
#
# Write `parse_height(text)`: **the height in centimeters, or `None` if the text cannot be read in
# exactly one way.** The whole text must have one of these forms:
#
# | form | height | examples |
# |---|---|---|
# | feet, feet mark, inches, maybe an inch mark | 12 * feet + inches | `5'11"`, `5' 11`, `5'10''` |
# | the same in words | 12 * feet + inches | `5 feet and 8.11 inches`, `Five foot eight inches` |
# | feet, feet mark | 12 * feet, in inches | `6'`, `6 ft` |
# | feet, blanks, inches; no marks, no decimals | 12 * feet + inches | `5 11`, `6 04` |
# | inches, inch mark | inches | `69"`, `70.5 in` |
# | number, `cm` or `m` | centimeters or meters | `170 cm`, `1.70 m` |
# | a number and nothing else | the one plausible of in, cm, m | `69`, `170`, `1,70` |
#
# * **Marks.** Feet: `'` (straight or curly, U+2019), `ft`, `foot`, `feet`. Inches: `"` (straight or
#   curly, U+201D), `''` (two straight single quotes), `in`, `inch`, `inches`. The word `and` may
#   stand between a feet mark and the inches.
# * **Numbers** are digits 0 to 9, then perhaps one decimal point or decimal comma with more digits:
#   `170`, `68.11`, `1,70`, `04`. No sign, no exponent, no underscore, no thousands separator. Feet
#   have no decimals: `5.5 ft` could be half a foot or five inches. Feet and inches can also be
#   words from `zero` to `twelve`.
# * **Inches after feet** go from 0 to 12. Twelve carry over, so `5'12` is six feet; more than
#   twelve is a slip, so `5'13` is `None`.
# * **Plausible** is 50 to 84 inches, that is 127 to 213.36 cm, ends included. Anything else is
#   `None`, with or without a unit: `3'2"`, `300 cm`, `6`, `511`, `5.11`. A bare number is plausible
#   in one of inches, centimeters and meters at most.
# * **Blanks** at either end and between numbers, marks and words do not matter, and several count
#   as one; blanks inside a number do matter. Upper and lower case are the same.
# * **Not tested:** tabs and the like for blanks; words run together, such as `fivefooteight`; words
#   for numbers that are not feet or inches, such as `two m`.
# * **Returns** a number (not rounded: it is compared to within 0.01 cm) or `None`, not `NaN`.
# * **Never raises.** `text` is always a `str`, but any: empty, very long, in any script.
#
# | text | result | why |
# |---|---|---|
# | `5'11"` | 180.34 | 71 inches |
# | `5'12` | 182.88 | twelve inches carry |
# | `1,70` | 170.0 | 1.70 can only be meters |
# | `5.11` | `None` | no inches, centimeters or meters; which feet, nobody knows |
# | `about 170 cm` | `None` | the whole text must fit |

# %%
import re

import pandas as pd

from grader import check, hint, load

CM_PER_INCH = 2.54
SHORTEST, TALLEST = 127.0, 213.36
WORDS = ["zero", "one", "two", "three", "four", "five", "six"]
WORDS += ["seven", "eight", "nine", "ten", "eleven", "twelve"]

heights = load("heights")
heights.loc[pd.to_numeric(heights["height"], errors="coerce").isna(), "height"].head(12).tolist()


# %% task="parse_height"
def parse_height(text):
    """Return the height in centimeters that a person typed, or None when it is unclear."""
    ### BEGIN SOLUTION
    simple = " ".join(
        text.lower().replace("\u2019", "'").replace("\u201d", '"').replace("''", '"').split()
    )
    for value, word in enumerate(WORDS):
        simple = re.sub(rf"\b{word}\b", str(value), simple)
    number, feet, inch = r"([0-9]+(?:[.,][0-9]+)?)", r"(?:'|ft|foot|feet)", r'(?:"|in|inch|inches)'
    per_foot = 12 * CM_PER_INCH
    forms = [  # with the centimeters that each number of the form stands for
        (rf"([0-9]+) ?{feet} ?(?:and )?{number} ?{inch}?", [per_foot, CM_PER_INCH]),
        (rf"([0-9]+) ?{feet}", [per_foot]),
        (r"([0-9]+) ([0-9]+)", [per_foot, CM_PER_INCH]),
        (rf"{number} ?{inch}", [CM_PER_INCH]),
        (rf"{number} ?cm", [1]),
        (rf"{number} ?m", [100]),
        *[(number, [size]) for size in (CM_PER_INCH, 1, 100)],
    ]
    for pattern, sizes in forms:
        if match := re.fullmatch(pattern, simple):
            values = [float(part.replace(",", ".")) for part in match.groups()]
            height = sum(value * size for value, size in zip(values, sizes))
            if SHORTEST <= height <= TALLEST and all(inches <= 12 for inches in values[1:]):
                return height
    return None
    ### END SOLUTION
