"""Modules of large packages, without the rest of them.

Of nbgrader we need the tables, of jupytext the parser, of nbconvert its Markdown; the packages' own
`__init__` import all their applications, seconds of work before anything is graded.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def module(name: str, *, without: tuple[str, ...] = ()) -> ModuleType:
    """Import a module without running the `__init__` of the packages that it is in.

    Nor of those that `without` names: packages of which it imports a module.
    """
    parts = name.split(".")
    packages = [".".join(parts[:count]) for count in range(1, len(parts))]
    if name in sys.modules or packages[0] in sys.modules or find_spec(packages[0]) is None:
        return import_module(name)
    empty = [*packages, *without]
    try:
        for package in empty:
            if spec := find_spec(package):
                sys.modules[package] = module_from_spec(spec)
        return import_module(name)
    finally:
        for package in empty:
            sys.modules.pop(package, None)  # whoever wants all of it gets all of it


def without_uri_grammar() -> None:
    """Have jsonschema, which nbformat imports, do without its check of URIs: no notebook needs it.

    Its grammar takes most of a second to build, in each process. For processes of our own only.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
