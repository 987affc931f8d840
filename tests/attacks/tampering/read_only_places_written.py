"""Writes into the interpreter, the packages, the grader and the system, after trying to make them writable.

ends: ok
earns: full
"""

# %%
import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
places = {
    "/",
    "/dev",
    "/usr",
    "/etc",
    "/bin",
    "/grader-package",
    "/grader-package/grader",
    "/submission-data",
}
places |= {path for path in sys.path if os.path.isdir(path)} | {
    sys.prefix,
    sys.base_prefix,
    os.path.dirname(os.__file__),
}
for place in sorted(places):
    libc.mount(b"none", place.encode(), None, 32 | 4096, None)  # remount, bind, not read-only
    libc.umount2(place.encode(), 2)
    for name in ("zz_attack.pth", "sitecustomize.py", "pandas.py"):
        path = os.path.join(place, name)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            print("WON", path)
        except OSError:
            pass
for path in (
    os.__file__,
    sys.executable,
    sys.modules["grader"].__file__,
    "/grader-package/grader/wire/message.py",
):
    for act in (
        lambda p: os.chmod(p, 0o777),
        lambda p: os.truncate(p, 0),
        os.unlink,
        lambda p: os.rename(p, p + "x"),
        lambda p: os.link(p, "/submission/linked"),
        lambda p: os.utime(p),
    ):
        try:
            act(path)
            if act is not None and not os.path.exists("/submission/linked"):
                print("WON", path)
        except OSError:
            pass
