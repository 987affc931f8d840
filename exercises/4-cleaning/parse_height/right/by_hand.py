"""Takes the text apart from its end with string methods, without regular expressions."""

# ruff: noqa: F821 - SHORTEST, TALLEST, CM_PER_INCH and WORDS are given in the notebook

DIGITS = set("0123456789")


def parse_height(text):
    text = text.strip().lower().replace("\u2019", "'").replace("\u201d", '"').replace("''", '"')
    text, unit = cut_unit(text)
    if unit in ("cm", "m"):
        return plausible(number(text), 1 if unit == "cm" else 100)
    for mark in ("feet", "foot", "ft", "'"):
        if mark in text:
            feet, _, inches = text.partition(mark)
            inches = inches.strip()
            if unit and not inches:
                return None
            if inches.startswith("and ") or inches.startswith("and\t"):
                inches = inches[4:]
            return feet_and_inches(feet, inches or "0", whole=False)
    if unit == "inches":
        return plausible(number(text), CM_PER_INCH)
    if len(text.split()) == 2:
        return feet_and_inches(*text.split(), whole=True)
    value = number(text)
    heights = [plausible(value, size) for size in (CM_PER_INCH, 1, 100)]
    return next((height for height in heights if height is not None), None)


def cut_unit(text):
    """Split a unit of length off the end of the text; feet are not such a unit."""
    for unit in ("inches", "inch", "in", '"', "cm", "m"):
        if text.endswith(unit):
            kind = unit if unit in ("cm", "m") else "inches"
            return text[: -len(unit)].strip(), kind
    return text, None


def feet_and_inches(feet, inches, whole):
    feet, inches = number(feet, whole=True), number(inches, whole=whole)
    if feet is None or inches is None or inches > 12:
        return None
    return plausible(12 * feet + inches, CM_PER_INCH)


def number(text, whole=False):
    """Return the number that the text is, or None."""
    text = text.strip()
    if text in WORDS:
        return float(WORDS.index(text))
    head, comma, tail = text.replace(",", ".").partition(".")
    if whole and comma:
        return None
    parts = [head, tail] if comma else [head]
    if not all(part and set(part) <= DIGITS for part in parts):
        return None
    return float(f"{head}.{tail or 0}")


def plausible(value, size):
    if value is None or not SHORTEST <= value * size <= TALLEST:
        return None
    return value * size
