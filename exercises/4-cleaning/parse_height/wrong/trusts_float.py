"""Lets Python's `float` say what a number is: `6e1`, `1_70` and `nan` are numbers to it.

rejected by: test_a_number_is_digits_only
"""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re


def parse_height(text):
    text = (
        text.lower()
        .replace("\u2019", "'")
        .replace("\u201d", '"')
        .replace("''", '"')
        .replace(",", ".")
    )
    text = " ".join(text.split())
    for value, word in enumerate(WORDS):
        text = re.sub(rf"\b{word}\b", str(value), text)
    number = r"([0-9]+(?:\.[0-9]+)?)"
    feet = re.fullmatch(
        rf"([0-9]+) ?(?:'|ft|foot|feet) ?(?:(?:and )?{number} ?(?:\"|inches|inch|in)?)?", text
    )
    feet = feet or re.fullmatch(r"([0-9]+) ([0-9]+)", text)
    if feet:
        inches = float(feet[2] or 0)
        options = [(12 * float(feet[1]) + inches) * CM_PER_INCH] if inches <= 12 else []
    else:
        sizes = [CM_PER_INCH, 1, 100]
        for unit, size in {
            "inches": 2.54,
            "inch": 2.54,
            "in": 2.54,
            '"': 2.54,
            "cm": 1,
            "m": 100,
        }.items():
            if text.endswith(unit):
                text, sizes = text.removesuffix(unit).rstrip(), [size]
                break
        try:
            options = [float(text) * size for size in sizes]
        except ValueError:
            return None
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
