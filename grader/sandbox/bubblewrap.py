"""The arguments of bubblewrap: how the inside is made, and whom it belongs to.

Seen from the inside: the interpreter and its packages, the system's libraries (`view`), what of
this package runs in there and the named data sets, all read-only, and small writable places in
memory. Not seen: the course with its hidden tests, the gradebook, other submissions, home, the
network.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.errors import SandboxError
from grader.sandbox import view
from grader.sandbox.inside import marks
from grader.sandbox.view import ENVIRONMENT_INSIDE

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
TMPFS_BYTES = 64 * 2**20
# Of these the first that root is mapped to. No system hands them out: the first are above what
# containers, subordinate users and SSSD take, the second, for small containers, are Debian's spare.
USERS = (range(2_001_000_000, 2_147_000_000), range(30_000, 60_000))
INSTALL_BWRAP = (
    "bubblewrap (bwrap) is not installed, and learners' code is not run without it: "
    "apt install bubblewrap (Debian, Ubuntu) or dnf install bubblewrap (Fedora)"
)
ENVIRONMENT = {
    # OpenMP threads started before a fork deadlock scikit-learn's boosting in the child.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    **dict.fromkeys(("HOME", "MPLCONFIGDIR", "IPYTHONDIR"), str(marks.TEMPORARY)),
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the usual one starts a thread in every fork
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # and one when it is imported
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
    user: int = marks.NOBODY,
    prelude: str = "",
    covered: Iterable[Path] = (),
    disk_mb: int = 0,
    extra: tuple[str, ...] = (),
) -> list[str]:
    """Return the command that starts the warm interpreter behind the wall, talking on a socket.

    Started by root it becomes `user`. `prelude` is code that it runs first; `covered` are folders
    that nobody inside may see. "Cold", its one submission has so much room for files. Raises
    SandboxError when bubblewrap is not installed, or when Python is in a covered folder.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError(INSTALL_BWRAP)
    shown = [*view.libraries(covered), *_package(), *_places(data, cold=cold)]
    arguments = [*_namespaces(cold=cold), *_environment(), *shown, *extra]
    names = sorted({path.name for path in data.values()})
    view_of_one = f"walls.view_of_one({user}, {disk_mb}, {names!r})" if cold else ""
    start = (view_of_one, f"walls.become({user})", prelude, f"interpreter.main({descriptor})")
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


def _namespaces(*, cold: bool) -> list[str]:
    kinds = [f"--unshare-{kind}" for kind in ("pid", "net", "ipc", "uts", "cgroup-try")]
    if os.geteuid() == 0:
        # The interpreter leaves root by itself: a user namespace would keep it root outside.
        who = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        nobody = str(marks.NOBODY)
        who = ["--unshare-user", "--uid", nobody, "--gid", nobody, "--cap-drop", "ALL"]
    if cold:  # for the view of its one submission; given up before learners' code runs
        who += ["--cap-add", "CAP_SYS_ADMIN"]
    return [*kinds, *who, "--die-with-parent", "--new-session", "--hostname", "sandbox"]


def _environment() -> list[str]:
    programs = f"{Path(_interpreter()).parent}:{os.defpath}"
    pairs = [["--setenv", name, value] for name, value in {**ENVIRONMENT, "PATH": programs}.items()]
    return ["--clearenv", *(word for pair in pairs for word in pair)]


def user_of_its_own(number: int) -> int:
    """Turn a number that no other sandbox has into a user id that nobody has.

    It is the number of the sandbox's socket: the kernel gives it to no other as long as that is
    open, in whatever container. What is counted for each user (processes, signals, watches on
    files, the room in pipes) is then counted for one submission alone. Where root is not mapped to
    so many users, it is nobody, and neighbors share what these counters allow.
    """
    mapped = [_mapped(kind) for kind in ("uid", "gid")]
    for users in USERS:
        if all(any(users[0] in ids and users[-1] in ids for ids in each) for each in mapped):
            return users[number % len(users)]
    return marks.NOBODY


def _mapped(kind: str) -> list[range]:
    lines = Path(f"/proc/self/{kind}_map").read_text().splitlines()
    words = [list(map(int, line.split())) for line in lines]
    return [range(first, first + count) for first, _, count in words]


def _package() -> list[str]:
    places = {name: Path(PACKAGE_INSIDE, "grader", name) for name in SHOWN}
    # bwrap makes missing parents private to root (0700), and the interpreter is another user.
    parents = {parent for place in places.values() for parent in place.parents}
    view = [word for parent in sorted(parents)[1:] for word in ("--dir", str(parent))]
    for name, place in places.items():
        view += ["--ro-bind", str(PACKAGE / name), str(place)]
    return view


def _places(data: Mapping[str, Path], *, cold: bool) -> list[str]:
    work, shared, size = str(marks.WORK), str(marks.DATA), str(TMPFS_BYTES)
    places = ["--dev", "/dev", "--dir", shared]
    for place in (str(marks.TEMPORARY), "/dev/shm", work):  # noqa: S108 - the sandbox's own
        places += ["--perms", "1777", "--size", size, "--tmpfs", place]
    if not cold:  # for writing the maps of the inner user namespace; the inner mounts cover it
        places += ["--proc", "/proc"]
    for path in data.values():
        places += ["--ro-bind", str(path.resolve()), f"{shared}/{path.name}"]
    # Without root, who runs bwrap owns what it makes, and so does the learner's code: files left
    # there would be found by the next submission, and would be under no limit.
    return [*places, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
