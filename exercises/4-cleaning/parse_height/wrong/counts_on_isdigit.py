"""Splits at the feet mark and trusts `isdigit`: "²" is a digit to it, and no number to `int`.

rejected by: test_no_text_makes_it_raise
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
    for value, word in enumerate(WORDS):
        text = re.sub(rf"\b{word}\b", str(value), text)
    text = re.sub(r"\s*(feet|foot|ft)\b|\s*(feet|foot|ft)(?=[0-9])", "'", text)
    text = re.sub(r"(inches|inch|in)$", '"', " ".join(text.split()))
    sizes = [CM_PER_INCH, 1, 100]
    if "'" in text or re.fullmatch(r"[0-9]+ [0-9]+", text):
        feet, _, inches = text.partition("'" if "'" in text else " ")
        feet, inches = feet.strip(), inches.strip()
        inches = inches.removeprefix("and ").removesuffix('"').strip()
        if not feet.isdigit() or not (inches == "" or inches.replace(".", "", 1).isdigit()):
            return None
        if inches.startswith(".") or inches.endswith(".") or float(inches or 0) > 12:
            return None
        text, sizes = str(12 * int(feet) + float(inches or 0)), [CM_PER_INCH]
    for unit, size in {'"': CM_PER_INCH, "cm": 1, "m": 100}.items():
        if text.endswith(unit):
            text, sizes = text.removesuffix(unit).strip(), [size]
            break
    if not text.replace(".", "", 1).isdigit() or text.startswith(".") or text.endswith("."):
        return None
    options = [float(text) * size for size in sizes]
    return next((cm for cm in options if SHORTEST <= cm <= TALLEST), None)
