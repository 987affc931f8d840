"""Modules of large packages, without the rest of them.

Of nbgrader we need the tables, of jupytext the parser; the packages' own `__init__` import all
their applications, seconds of work before anything is graded.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def module(name: str) -> ModuleType:
    """Import `package.module` without running the package's `__init__`."""
    package = name.partition(".")[0]
    if name in sys.modules or package in sys.modules or (spec := find_spec(package)) is None:
        return import_module(name)
    sys.modules[package] = module_from_spec(spec)
    try:
        return import_module(name)
    finally:
        del sys.modules[package]  # whoever wants all of it gets all of it


def without_uri_grammar() -> None:
    """Have jsonschema, which nbformat imports, do without its check of URIs: no notebook needs it.

    Its grammar takes most of a second to build, in each process. For processes of our own only.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
