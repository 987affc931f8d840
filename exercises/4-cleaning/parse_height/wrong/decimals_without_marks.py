"""Reads feet and inches without marks also if the inches have decimals.

rejected by: test_without_marks_there_are_no_decimals
"""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook
import re


def parse_height(text):
    text = " ".join(text.lower().split())
    text = text.replace("''", '"').replace("\u2019", "'").replace("\u201d", '"')
    words = "|".join(WORDS)
    number = r"([0-9]+(?:[.,][0-9]+)?)"
    feet = rf"([0-9]+|{words})"
    inches = rf"([0-9]+(?:[.,][0-9]+)?|{words})"
    foot = r"(?:'|ft|foot|feet)"
    inch = r"(?:\"|in|inch|inches)"

    def value(part):
        return float(WORDS.index(part)) if part in WORDS else float(part.replace(",", "."))

    cm = None
    both = re.fullmatch(rf"{feet} ?{foot} ?(?:and ?)?{inches}(?: ?{inch})?", text)
    both = both or re.fullmatch(rf"{feet} {inches}", text)
    if both:
        if value(both[2]) <= 12:
            cm = (value(both[1]) * 12 + value(both[2])) * CM_PER_INCH
    elif match := re.fullmatch(rf"{feet} ?{foot}", text):
        cm = value(match[1]) * 12 * CM_PER_INCH
    elif match := re.fullmatch(rf"{inches} ?{inch}", text):
        cm = value(match[1]) * CM_PER_INCH
    elif match := re.fullmatch(rf"{number} ?(cm|m)", text):
        cm = value(match[1]) * (100 if match[2] == "m" else 1)
    elif match := re.fullmatch(number, text):
        for factor in (CM_PER_INCH, 1, 100):
            if SHORTEST <= round(value(match[1]) * factor, 6) <= TALLEST:
                cm = value(match[1]) * factor
    if cm is None or not SHORTEST <= round(cm, 6) <= TALLEST:
        return None
    return cm
