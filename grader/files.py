"""Files that are written whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and not when it holds that already."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as new:
        new.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Name a file to write to; it takes the place of `path` at the end, and is gone on an error."""
    new = path.with_name(f".new-{secrets.token_hex(8)}")
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
