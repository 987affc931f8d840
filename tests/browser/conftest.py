"""The built course, served to a real browser that can reach nothing else."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.commands import run

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


class Quiet(SimpleHTTPRequestHandler):
    """Serve files, and MkDocs' own page for what is not there."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with 404.html, as web hosts do."""
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the course once."""
    return build(tmp_path_factory.mktemp("site"))


def build(folder: Path) -> Path:
    """Build the course strictly, as `make site` does."""
    built = run("python", "-m", "mkdocs", "build", "--strict", "--site-dir", folder, cwd=ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the built course on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# Its driver keeps a loop running in this thread: it must be gone when other tests need their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium", path="/usr/bin")
    assert path, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """One browser profile, fresh, and what it asked for and complained about."""

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool) -> None:
        self.context, self.address, self.scripts = context, address, scripts
        self.requested: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requested.append(request.url))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def open(self, path: str = "") -> Page:
        """Open a page of the course and wait until its scripts have done their work."""
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(self.address + path)
        if self.scripts:
            page.locator(".md-search[aria-label]").wait_for(state="attached")
        return page

    def foreign(self) -> list[str]:
        """Return what was asked of other hosts; data: and blob: stay inside the browser."""
        ours = (self.address, "data:", "blob:")
        return [url for url in self.requested if not url.startswith(ours)]

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    """Give a function that starts a visit, on a phone or desktop, in light or dark."""
    contexts = []

    def start(device: str = "desktop", scheme: Any = "light", *, scripts: bool = True) -> Visit:
        size = {"phone": (390, 844), "desktop": (1280, 900)}[device]
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            has_touch=device == "phone",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        return Visit(context, address, scripts=scripts)

    yield start
    for context in contexts:
        context.close()
