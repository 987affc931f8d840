"""The MkDocs door: `mkdocs build` and `mkdocs serve` get the made pages as if they were files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files

# MkDocs loads this file by its path, so the package that it belongs to is not yet importable.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from course.site import execute, finish, markers, tree
from course.site.fault import SiteError

WATCHED = ("exercises", execute.PROVENANCE, markers.CARD)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what the course makes; a page that a file also has is replaced by the made one."""
    try:
        made = tree.build(_root(config))
    except SiteError as error:
        raise PluginError(f"the course does not build:\n\n{error}\n") from None
    for path, content in made.items():
        if old := files.get_file_from_path(path):
            files.remove(old)
        files.append(File.generated(config, path, content=content))
    return files


def on_page_content(html: str, **_: Any) -> str:
    """Touch up a page's own content."""
    return finish.content(html)


def on_post_page(output: str, **_: Any) -> str:
    """Drop the templates' indentation."""
    return finish.page(output)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
    """Rebuild when an exercise or a data set's record changes, not only when a page does."""
    for name in WATCHED:
        if (path := _root(config) / name).exists():
            server.watch(str(path))
    return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.docs_dir).resolve().parent
