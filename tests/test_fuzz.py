"""Whatever bytes come from a learner: they are read or refused, in bounded time and memory.

The campaigns run in a process of their own, so that its memory can be measured and its end seen.
"""

from __future__ import annotations

import json
import signal
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.wire import message as wire
from grader.wire.forms import WireError
from tests.commands import run
from tests.fuzz import campaign, frames, guard
from tests.fuzz.campaign import CORPUS

ITEMS = {"frames": 9500, "forged": 500, "answers": 500, "notebooks": 2000}
PEAK_MB = 1024


def fuzz(corpus: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[1]
    return run("python", "-m", "tests.fuzz", "--corpus", corpus, *arguments, cwd=root)


@pytest.mark.slow
def test_thousands_of_damaged_items_are_read_or_refused(tmp_path: Path) -> None:
    counts = [word for name, count in ITEMS.items() for word in (f"--{name}", str(count))]

    ended = fuzz(tmp_path, "--seed", "1", *counts)

    left = [str(path) for path in tmp_path.rglob("*") if path.is_file()]
    assert ended.returncode == 0, (ended.returncode, left, ended.stdout, ended.stderr)
    told = json.loads(ended.stdout)
    assert {name: sum(found.values()) for name, found in told["ended"].items()} == ITEMS
    # Neither is only noise: a good part gets through to what comes after the reader.
    assert all(found["read"] > 0.05 * ITEMS[name] for name, found in told["ended"].items()), told
    assert told["ended"]["frames"]["refused"] > 1000
    assert told["peak_mb"] < PEAK_MB


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_what_once_found_a_fault_finds_none_any_more(path: Path, tmp_path: Path) -> None:
    reader = campaign.READERS[path.parent.name]

    assert reader.check(path.read_bytes()) in ("read", "refused", "raised", "stopped")


# ---------------------------------------------------------------- what the items cannot show


def read(header: Any, *blobs: bytes, max_bytes: int = 64 * 2**20) -> Any:
    stream = memoryview(frames.message(header, list(blobs)))
    place = 0

    def exactly(count: int) -> bytes:
        nonlocal place
        place += count
        return bytes(stream[place - count : place])

    return wire.unframe(exactly, max_bytes)


def array(dtype: str, length: int, blob: int = 0) -> dict[str, Any]:
    return {"t": "array", "v": {"d": dtype, "s": [length], "b": blob}}


def level(dtype: str, length: int) -> dict[str, Any]:
    return {"t": "multi_index", "v": [{"c": "plain", "v": array(dtype, length)["v"]}], "names": [0]}


def test_a_part_of_a_message_is_used_once_so_that_it_cannot_fill_the_memory() -> None:
    assert read([array("|u1", 4)], b"abcd")[0].tolist() == [97, 98, 99, 100]

    with pytest.raises(WireError, match="twice"):
        read([array("|u1", 4)] * 2, b"abcd")


def test_texts_that_are_missing_take_room_too_and_are_counted() -> None:
    column = {"c": "texts", "v": 0, "n": {"d": "|i1", "s": [6_000_000], "b": 1}, "na": "NA"}

    with pytest.raises(WireError, match="too many texts"):
        read({"t": "extension", "v": {**column, "in": "python"}}, b"", b"\xff" * 6_000_000)


def test_keys_that_are_no_texts_are_counted_over_the_whole_message() -> None:
    many = {"t": "set", "v": list(range(15_000))}
    assert len(read(many)) == 15_000

    with pytest.raises(WireError, match="keys"):
        read([many, many])
    with pytest.raises(WireError, match="keys"):
        read({"t": "extension", "v": {
            "c": "category", "ordered": False, "v": {"d": "|i1", "s": [0], "b": 0},
            "of": {"t": "range_index", "v": [0, 50_000_000, 1], "name": None},
        }}, b"")  # fmt: skip


def test_numbers_whose_hashes_collide_do_not_slow_down_an_index(tmp_path: Path) -> None:
    # All different, and all with the hash 0 in pandas' tables: hashing them would take hours.
    high = np.arange(1_000_000, dtype="u8") << np.uint64(33)
    low = np.arange(1_000_000, dtype="u8")
    for _ in range(4):
        low = np.arange(1_000_000, dtype="u8") ^ ((low << np.uint64(11)) & np.uint64(0xFFFFFFFF))

    with guarded(tmp_path):
        index = read(level("<i8", 1_000_000), (high | low).astype("<i8").tobytes())

    assert len(index) == 1_000_000


def test_true_is_one_whatever_byte_it_came_as() -> None:
    flags = read(array("|b1", 3), b"\xff\x00\x02")

    assert flags.sum() == 2
    assert read({"t": "scalar", "v": {"d": "|b1", "s": [], "b": 0}}, b"\x80") == np.True_


def test_lists_inside_of_arrays_stay_lists() -> None:
    value = np.empty(2, dtype=object)
    value[:] = [[1], [2]]

    framed = wire.frame(value)
    stream = [framed]

    def exactly(count: int) -> bytes:
        part, stream[0] = stream[0][:count], stream[0][count:]
        return part

    assert wire.unframe(exactly, 2**20).tolist() == [[1], [2]]


# ---------------------------------------------------------------- the fuzzer itself


def guarded(folder: Path) -> Any:
    signal.signal(signal.SIGPROF, guard._stop)
    return guard.item(b"", folder / "running", seconds=60)


def broken(data: bytes) -> str:
    header = struct.unpack("<I", data[:4])
    return {0: "read"}[header[0] % 3]


def test_the_fuzzer_notices_a_fault_and_keeps_the_item(tmp_path: Path) -> None:
    with pytest.raises(campaign.Fault, match="KeyError"):
        campaign.mutated("frames", 100, 1, tmp_path, broken)

    (kept,) = (tmp_path / "frames").iterdir()
    with pytest.raises(KeyError):
        broken(kept.read_bytes())


def test_a_forged_item_that_finds_a_fault_is_made_small(tmp_path: Path) -> None:
    def no_dict(data: bytes) -> str:
        assert b'"t": "dict"' not in data
        return "read"

    with pytest.raises(campaign.Fault):
        campaign.forged(500, 1, tmp_path, no_dict)

    (kept,) = (tmp_path / "frames").iterdir()
    assert len(kept.read_bytes()) < 60


@pytest.mark.parametrize(
    ("loop", "ending"),
    [("while True: pass", 1), ("sum(iter(int, 1))", -signal.SIGVTALRM)],
    ids=["in-python", "in-c"],
)
def test_an_item_that_never_ends_is_a_fault(tmp_path: Path, loop: str, ending: int) -> None:
    code = (
        "import pathlib\nfrom tests.fuzz import guard\nguard.start()\n"
        f"running = pathlib.Path({str(tmp_path / 'running')!r})\n"
        f"with guard.item(b'the item', running, seconds=0.3):\n    {loop}\n"
    )

    ended = run("python", "-c", code, cwd=CORPUS.parents[2])

    assert ended.returncode == ending
    if ending == 1:
        assert "TooLong" in ended.stderr
    else:
        assert (tmp_path / "running").read_bytes() == b"the item"
