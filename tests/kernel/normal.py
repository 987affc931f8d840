"""What of a text is the same each time: places, times and numbers of processes are not."""

from __future__ import annotations

import re

LONGEST = 2_000  # characters of a cell's text that are compared
RULES = (
    (r"0x[0-9a-f]{6,}|\bat [0-9a-f]{12}\b", "<address>"),
    (r"/tmp/ipykernel_\d+/\d+\.py", "<cell>"),
    (r"\d+(\.\d+)?(e[-+]?\d+)? ?(ns|[µμu]s|ms|s|min|it/s|s/it)\b", "<time>"),
    (r"\d\d:\d\d<(\d\d:\d\d|\?), [^\]\r\n]*", "<pace>"),  # of tqdm
    (r"/\S*/(site-packages|lib/python3\.\d+)/", "<library>/"),
    (r"/\S*/grader-kernel-\w+|/submission\b", "<work>"),
    (r"/tmp/tmp\w+\.json|\bkernel\.json", "<connection>"),
    (r"Tip: .*", "<tip>"),
)


def normal(text: str, longest: int | None = LONGEST) -> str:
    """Replace what differs from run to run, and cut."""
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    return text[:longest]
