"""Knows units as words but no numbers as words.

rejected by: test_feet_and_inches_in_words, test_worded_feet_and_inches_as_typed,
test_all_reported_heights
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
    number = r"([0-9]+(?:\.[0-9]+)?)"
    feet = re.fullmatch(
        rf"([0-9]+) ?(?:'|ft|foot|feet) ?(?:(?:and )?{number} ?(?:\"|inches|inch|in)?)?", text
    )
    feet = feet or re.fullmatch(r"([0-9]+) ([0-9]+)", text)
    if feet:
        inches = float(feet[2] or 0)
        options = [(12 * float(feet[1]) + inches) * CM_PER_INCH] if inches <= 12 else []
    elif one := re.fullmatch(rf"{number} ?(\"|inches|inch|in|cm|m)?", text):
        sizes = {"cm": [1], "m": [100], None: [CM_PER_INCH, 1, 100]}.get(one[2], [CM_PER_INCH])
        options = [float(one[1]) * size for size in sizes]
    else:
        options = []
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
