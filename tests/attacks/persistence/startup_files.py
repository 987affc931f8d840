"""Leaves files that interpreters, shells, IPython and Jupyter read when they start.

ends: ok
earns: full
"""

# %%
import os
import pathlib
import site
import sys

CODE = "open('@DROP@/started', 'a').write('x')\n"
home = os.path.expanduser("~")
for place in {
    home,
    "/root",
    "@HOME@",
    "/tmp",
    "/submission",
    "/",
    "/dev/shm",
    site.USER_BASE or home,
}:
    for name in (
        ".bashrc",
        ".profile",
        ".pythonrc.py",
        ".ssh/authorized_keys",
        ".config/matplotlib/matplotlibrc",
        ".ipython/profile_default/startup/00.py",
        "profile_default/startup/00.py",
        ".jupyter/jupyter_config.py",
        ".local/share/jupyter/kernels/python3/kernel.json",
        ".local/lib/python3.11/site-packages/usercustomize.py",
        "sitecustomize.py",
        "usercustomize.py",
        "pandas.py",
        "conftest.py",
        "numpy/__init__.py",
    ):
        path = pathlib.Path(place, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(CODE)
        except OSError:
            pass
