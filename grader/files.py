"""Files that are written whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and not when it holds that already."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.close()
            temporary.chmod(0o644)  # made for the owner's eyes only
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
