"""A Dask cluster of one's own: a scheduler, and workers, as processes on this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Self

from tests.commands import BIN

HANG_SECONDS = 300


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.file = folder / "scheduler.json"
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log = (folder / "dask.log").open("wb")
        where = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.scheduler = self._start("scheduler", *where, **variables)

    def _start(self, *command: str, **variables: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [BIN / "dask", *command, "--scheduler-file", self.file],
            cwd=self.folder, stdout=self.log, stderr=self.log,
            env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self.folder)} | variables,
        )  # fmt: skip

    def join(self, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        worker = self._start("worker", *alone, **variables)
        self.workers.append(worker)
        return worker

    def address(self) -> str:
        """Wait until the workers are there."""
        import distributed

        with distributed.Client(scheduler_file=self.file, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=HANG_SECONDS)
            return str(client.scheduler.address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()
