"""Looks for a number anywhere in the text and takes the first.

rejected by: test_feet_and_inches_with_marks, test_marked_feet_and_inches_as_typed,
test_the_whole_text_must_fit, test_a_number_is_digits_only
"""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re


def parse_height(text):
    match = re.search(r"[0-9]+(?:[.,][0-9]+)?", text)
    if not match:
        return None
    value = float(match[0].replace(",", "."))
    for cm in (value * CM_PER_INCH, value, value * 100):
        if SHORTEST <= cm <= TALLEST:
            return cm
    return None
