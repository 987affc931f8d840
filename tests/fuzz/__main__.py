"""Fuzz for a number of items or of minutes; print what came of it as JSON.

    python -m tests.fuzz --minutes 10

Exit code 0: nothing found. 1: a fault; the item that found it is in tests/fuzz/corpus/.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz import campaign, guard

ROUND = {"frames": 4000, "forged": 500, "answers": 500, "notebooks": 250}


def main() -> int:
    """Parse, fuzz, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.0, help="go on for so long")
    for name in ROUND:
        parser.add_argument(f"--{name}", type=int, default=0, metavar="ITEMS")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--corpus", type=Path, default=campaign.CORPUS)
    flags = parser.parse_args()
    guard.start()
    end = time.monotonic() + 60 * flags.minutes
    counts = {name: getattr(flags, name) for name in ROUND}
    ended: dict[str, Counter[str]] = {name: Counter() for name in ROUND}
    seed, fault = flags.seed, ""
    try:
        while any(counts.values()) or time.monotonic() < end:
            _round(counts if any(counts.values()) else ROUND, seed, flags.corpus, ended)
            counts, seed = dict.fromkeys(ROUND, 0), seed + 1
    except campaign.Fault as found:
        traceback.print_exc()
        fault = str(found)
    peak = round(guard.peak_mb())
    print(json.dumps({"seed": flags.seed, "ended": ended, "peak_mb": peak, "fault": fault}))
    return 1 if fault else 0


def _round(counts: dict[str, int], seed: int, corpus: Path, ended: dict[str, Counter[str]]) -> None:
    for name in campaign.READERS:
        ended[name] += campaign.mutated(name, counts[name], seed, corpus)
    if counts["forged"]:
        ended["forged"] += campaign.forged(counts["forged"], seed, corpus)


if __name__ == "__main__":
    sys.exit(main())
