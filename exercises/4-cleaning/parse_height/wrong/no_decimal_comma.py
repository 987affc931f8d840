"""Knows the decimal point only.

rejected by: test_one_number, test_a_comma_is_a_decimal_point, test_single_numbers_as_typed,
test_it_reads_what_it_prints, test_all_reported_heights
"""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re


def parse_height(text):
    text = text.lower().replace("\u2019", "'").replace("\u201d", '"').replace("''", '"')
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
    elif one := re.fullmatch(rf"{number} ?(\"|inches|inch|in|cm|m)?", text):
        sizes = {"cm": [1], "m": [100], None: [CM_PER_INCH, 1, 100]}.get(one[2], [CM_PER_INCH])
        options = [float(one[1]) * size for size in sizes]
    else:
        options = []
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
