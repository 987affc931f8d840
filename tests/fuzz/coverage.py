"""The same readers under atheris, which follows the branches that an item takes. Optional.

    python -m venv build/atheris && build/atheris/bin/pip install atheris -r requirements.txt
    build/atheris/bin/python -m tests.fuzz.coverage frames build/fuzz/frames -max_total_time=600

atheris is no part of the lock file: nothing else needs it, and it is large.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader"]):
    from tests.fuzz import answers, frames, notebooks

READERS = {
    "frames": (frames.check, lambda: frames.FRAMES),
    "answers": (answers.check, lambda: [json.dumps([one]).encode() for one in answers.ANSWERS]),
    "notebooks": (notebooks.check, lambda: [json.dumps(one).encode() for one in notebooks.seeds()]),
}


def main() -> None:
    """Fuzz the reader of the first argument from a folder of items; the rest is libFuzzer's."""
    program, name, folder, *rest = sys.argv
    check, seeds = READERS[name]
    warnings.simplefilter("ignore")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        Path(folder, f"seed-{number}").write_bytes(data)

    def one(data: bytes) -> None:
        check(data)

    atheris.Setup([program, folder, *rest], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
