"""Takes any two numbers for feet and inches, whatever stands around them.

rejected by: test_what_is_unclear_is_refused, test_the_whole_text_must_fit,
test_unclear_heights_as_typed, test_a_number_is_digits_only
"""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re


def parse_height(text):
    text = text.lower()
    for value, word in enumerate(WORDS):
        text = re.sub(rf"\b{word}\b", str(value), text)
    numbers = [float(n.replace(",", ".")) for n in re.findall(r"[0-9]+(?:[.,][0-9]+)?", text)]
    if len(numbers) >= 2 and numbers[1] <= 12:
        options = [(12 * numbers[0] + numbers[1]) * CM_PER_INCH]
    elif len(numbers) == 1:
        size = 30.48 if re.search("'(?!')|ft|feet|foot", text) else CM_PER_INCH
        options = [numbers[0] * size, numbers[0], numbers[0] * 100]
    else:
        options = []
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
