"""What of this machine the inside may see: Python, its packages and the system's libraries.

Of each folder that has them only the parts are shown that Python and programs need. A course may
lie anywhere, also within these parts: its folders are covered at every place where they would
appear inside, or nothing is graded.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.errors import SandboxError
from grader.sandbox.inside.marks import TEMPORARY

ENVIRONMENT_INSIDE = Path("/environment")
# What there is to see of an environment, of Python's own folder, and of /usr and /usr/local. Not:
# sources, settings (etc: npm and Jupyter keep passwords there), and whatever else lies beside them.
PARTS = (
    *("bin", "include", "lib", "lib32", "lib64", "libexec", "libx32", "pyvenv.cfg", "sbin"),
    *("share", "ssl"),
)
# At the top of the file system they are folders, or links into /usr.
TOP = ("bin", "lib", "lib32", "lib64")
Shown = list[tuple[Path, Path]]  # places outside, and inside


def libraries(covered: Iterable[Path] = ()) -> list[str]:
    """Return bubblewrap's arguments that show the libraries, but nothing in the folders `covered`.

    Raises SandboxError where Python itself is in such a folder.
    """
    base, shown = Path(sys.base_prefix), Shown()
    if base.is_relative_to(TEMPORARY):
        raise SandboxError(
            f"Python is installed in {base}: the sandbox has a {TEMPORARY} of its own"
        )
    words = [*_parts(Path("/"), shown, TOP)]
    for folder in dict.fromkeys((Path("/usr"), Path("/usr/local"), base)):
        # bwrap makes missing parents private to root (0700), and the interpreter is another user.
        parents = reversed([folder, *folder.parents[:-1]])
        words += [word for parent in parents for word in ("--dir", str(parent))]
        words += _parts(folder, shown)
    if sys.prefix != sys.base_prefix:
        words += ["--dir", str(ENVIRONMENT_INSIDE)]
        words += _parts(Path(sys.prefix), shown, inside=ENVIRONMENT_INSIDE)
    words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    return [*words, *_covers(covered, shown)]


def _parts(
    folder: Path, shown: Shown, names: Iterable[str] = PARTS, inside: Path | None = None
) -> Iterator[str]:
    """Show parts of a folder, links as links; note in `shown` what is shown where."""
    for name in names:
        path, place = folder / name, (inside or folder) / name
        if path.is_symlink() and not path.readlink().is_absolute():
            yield from ("--symlink", str(path.readlink()), str(place))
        elif path.exists():
            shown.append((path.resolve(), place))
            yield from ("--ro-bind", str(path), str(place))


def _covers(covered: Iterable[Path], shown: Shown) -> Iterator[str]:
    """Cover folders wherever they appear within what is shown."""
    folders = sorted({path.resolve() for path in covered if path.is_dir()})
    for outside, inside in shown:
        hidden: list[Path] = []
        for folder in folders:
            if folder.is_relative_to(outside) and not any(map(folder.is_relative_to, hidden)):
                _hold_apart(folder, outside)
                hidden.append(folder)
                place = str(inside / folder.relative_to(outside))
                yield from ("--size", "4096", "--tmpfs", place, "--remount-ro", place)


def _hold_apart(folder: Path, outside: Path) -> None:
    """Refuse to hide what Python needs: a folder that has both cannot be shown, nor covered."""
    needed = [outside, Path(sys.executable).resolve()]
    needed += [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    if any(path.resolve().is_relative_to(folder) for path in needed):
        raise SandboxError(
            f"{folder} holds files of the course or the gradebook, and parts of Python that "
            "learners' code has to see: move the course, or the gradebook, to a folder of its own"
        )
