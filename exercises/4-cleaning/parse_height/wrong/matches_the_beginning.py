"""Uses `re.match`, which is content when the beginning fits.

rejected by: test_the_whole_text_must_fit, test_a_number_is_digits_only
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
    feet = re.match(
        rf"([0-9]+) ?(?:'|ft|foot|feet) ?(?:(?:and )?{number} ?(?:\"|inches|inch|in)?)?", text
    )
    feet = feet or re.match(r"([0-9]+) ([0-9]+)", text)
    if feet:
        inches = float(feet[2] or 0)
        options = [(12 * float(feet[1]) + inches) * CM_PER_INCH] if inches <= 12 else []
    elif one := re.match(rf"{number} ?(\"|inches|inch|in|cm|m)?", text):
        sizes = {"cm": [1], "m": [100], None: [CM_PER_INCH, 1, 100]}.get(one[2], [CM_PER_INCH])
        options = [float(one[1]) * size for size in sizes]
    else:
        options = []
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
