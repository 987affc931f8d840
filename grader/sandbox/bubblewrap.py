"""The arguments of bubblewrap: what the inside may see.

Seen from the inside: the interpreter and its packages, the system's libraries, what of this package
runs in there and the named data sets, all read-only, and small writable places in memory. Not seen:
the course with its hidden tests, the gradebook, other submissions, home, the network.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.errors import SandboxError
from grader.sandbox.inside import marks

PACKAGE = Path(__file__).parent.parent
PACKAGE_INSIDE = "/grader-package"
# What runs inside, and what notebooks may import from us: `from grader import …`.
SHOWN = (
    "__init__.py",
    "errors.py",
    "data.py",
    "wire",
    "sandbox/__init__.py",
    "sandbox/inside",
    "suite/__init__.py",
    "suite/task.py",
)
ENVIRONMENT_INSIDE = Path("/environment")
TEMPORARY = "/tmp"  # noqa: S108 - the sandbox's own
TMPFS_BYTES = 64 * 2**20
INSTALL_BWRAP = (
    "bubblewrap (bwrap) is not installed, and learners' code is not run without it: "
    "apt install bubblewrap (Debian, Ubuntu) or dnf install bubblewrap (Fedora)"
)
ENVIRONMENT = {
    # OpenMP threads started before a fork deadlock scikit-learn's boosting in the child.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    **dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR"), TEMPORARY),
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the usual one starts a thread in every fork
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # closes figures after each cell
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": "UTC",
    "USER": "nobody",
}


def command(
    descriptor: int,
    data: Mapping[str, Path],
    *,
    cold: bool,
    prelude: str = "",
    covered: Path | None = None,
    extra: tuple[str, ...] = (),
) -> list[str]:
    """Return the command that starts the warm interpreter behind the wall, talking on a socket.

    `prelude` is code that it runs first; `covered` is a folder that nobody inside may see. Raises
    SandboxError when bubblewrap is not installed.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(INSTALL_BWRAP)
    view = [*_libraries(), *_package(), *_cover(covered), *_places(data, cold=cold)]
    arguments = [*_namespaces(), *_environment(), *view, *extra]
    start = ("walls.become_nobody()", prelude, f"interpreter.main({descriptor})")
    return [bwrap, *arguments, "--", *_python(_interpreter(), PACKAGE_INSIDE, *start)]


def bare_command(descriptor: int, work: Path, prelude: str = "") -> list[str]:
    """Return the command that starts the interpreter without any wall: `--isolation none`."""
    start = f"interpreter.main({descriptor}, work={str(work)!r})"
    return _python(sys.executable, str(PACKAGE.parent), prelude, start)


def _python(interpreter: str, package: str, *lines: str) -> list[str]:
    path = f"import sys; sys.path.insert(0, {package!r})"
    ours = "from grader.sandbox.inside import interpreter, walls"
    # Not -I: Python must read its variables, which are ours (ENVIRONMENT).
    return [interpreter, "-sP", "-c", "\n".join([path, ours, *lines])]


def _interpreter() -> str:
    """Return the interpreter's path inside: a virtual environment is shown at a place of its own.

    Where it is outside does not matter then, and could not be kept: below /tmp, for example, it
    would be covered by the submission's own /tmp.
    """
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return str(ENVIRONMENT_INSIDE / Path(sys.executable).relative_to(sys.prefix))


def _namespaces() -> list[str]:
    kinds = [f"--unshare-{kind}" for kind in ("pid", "net", "ipc", "uts", "cgroup-try")]
    if os.geteuid() == 0:
        # The interpreter leaves root by itself: a user namespace would keep it root outside.
        who = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        nobody = str(marks.NOBODY)
        who = ["--unshare-user", "--uid", nobody, "--gid", nobody, "--cap-drop", "ALL"]
    return [*kinds, *who, "--die-with-parent", "--new-session", "--hostname", "sandbox"]


def _environment() -> list[str]:
    programs = f"{Path(_interpreter()).parent}:{os.defpath}"
    pairs = [["--setenv", name, value] for name, value in {**ENVIRONMENT, "PATH": programs}.items()]
    return ["--clearenv", *(word for pair in pairs for word in pair)]


def _libraries() -> list[str]:
    """Bind the interpreter, its packages and the system's libraries; nothing of the course."""
    view: list[str] = []
    for path in map(Path, ("/usr", "/lib", "/lib32", "/lib64", "/bin")):
        if path.is_symlink():
            view += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            view += ["--ro-bind", str(path), str(path)]
    view += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    base = Path(sys.base_prefix)
    if base.is_relative_to(TEMPORARY):
        raise SandboxError(
            f"Python is installed in {base}: the sandbox has a {TEMPORARY} of its own"
        )
    if not base.is_relative_to("/usr"):
        # bwrap makes missing parents private to root (0700), and the interpreter is nobody.
        parents = reversed(base.parents[:-1])
        view += [word for parent in parents for word in ("--dir", str(parent))]
        view += ["--ro-bind", str(base), str(base)]
    if sys.prefix != sys.base_prefix:
        view += ["--ro-bind", sys.prefix, str(ENVIRONMENT_INSIDE)]
    return view


def _package() -> list[str]:
    places = {name: Path(PACKAGE_INSIDE, "grader", name) for name in SHOWN}
    # bwrap makes missing parents private to root (0700), and the interpreter is nobody.
    parents = {parent for place in places.values() for parent in place.parents}
    view = [word for parent in sorted(parents)[1:] for word in ("--dir", str(parent))]
    for name, place in places.items():
        view += ["--ro-bind", str(PACKAGE / name), str(place)]
    return view


def _cover(folder: Path | None) -> list[str]:
    """Hide a course that lies within what is shown: /usr/src/app is a usual place in containers."""
    shown = [Path("/usr"), Path("/lib"), Path("/lib32"), Path("/lib64"), Path("/bin")]
    shown.append(Path(sys.base_prefix))
    folder = folder.resolve() if folder else None
    if folder is None or not any(folder.is_relative_to(place.resolve()) for place in shown):
        return []
    return ["--size", "4096", "--tmpfs", str(folder), "--remount-ro", str(folder)]


def _places(data: Mapping[str, Path], *, cold: bool) -> list[str]:
    work, shared, size = str(marks.WORK), str(marks.DATA), str(TMPFS_BYTES)
    places = ["--dev", "/dev", "--dir", shared]
    for place in (TEMPORARY, "/dev/shm", work):  # noqa: S108 - the sandbox's own
        places += ["--perms", "1777", "--size", size, "--tmpfs", place]
    if not cold:  # for writing the maps of the inner user namespace; the inner mounts cover it
        places += ["--proc", "/proc"]
    else:
        places += ["--dir", f"{work}/data"]
    for path in data.values():
        target = f"{work}/data/{path.name}" if cold else f"{shared}/{path.name}"
        places += ["--ro-bind", str(path.resolve()), target]
    # Without root, who runs bwrap owns what it makes, and so does the learner's code: files left
    # there would be found by the next submission, and would be under no limit.
    return [*places, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
