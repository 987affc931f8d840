"""Checks the range of bare numbers only: with a unit, 300 cm and 3 feet are believed.

rejected by: test_what_is_unclear_is_refused, test_the_plausible_range_holds_for_all_units,
test_no_text_makes_it_raise
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
        return (12 * float(feet[1]) + inches) * CM_PER_INCH if inches <= 12 else None
    if one := re.fullmatch(rf"{number} ?(\"|inches|inch|in|cm|m)", text):
        return float(one[1]) * {"cm": 1, "m": 100}.get(one[2], CM_PER_INCH)
    if re.fullmatch(number, text):
        options = [float(text) * size for size in (CM_PER_INCH, 1, 100)]
        return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
    return None
