"""nbgrader's exchange, looked into while `grader grade --watch --collect` runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

from grader.cli.watch import Seen, look
from grader.errors import GraderError


class Exchange:
    """The place where `nbgrader submit` leaves a course's submissions.

    Raises GraderError where nbgrader's configuration names none that can be read.
    """

    def __init__(self, course: Path) -> None:
        from nbgrader.apps import NbGrader, NbGraderAPI
        from nbgrader.exchange.default import Exchange as Default
        from traitlets.config import Application

        # nbgrader calls alembic by its name, which is beside this command's.
        programs = Path(sys.executable).parent
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        app = NbGrader()
        places = [str(course), *app.config_file_paths]
        Application.load_config_file(app, app.config_file_name, places)
        app.config.CourseDirectory.root = str(course)
        self._api = NbGraderAPI(config=app.config)
        root = Path(Default(coursedir=self._api.coursedir, config=app.config).root)
        self.inbound = root / self._api.coursedir.course_id / "inbound"
        if not self.inbound.is_dir():
            raise GraderError(
                f"{self.inbound}: nbgrader's exchange has no such folder; "
                "`nbgrader release_assignment` makes it"
            )
        self._collected: Seen = frozenset()
        self._before: Seen = frozenset()

    def collect(self, assignments: Callable[[], Container[str]]) -> list[str]:
        """Have nbgrader collect what is new for these assignments; say what it could not.

        What has changed since the last look is left to the next one: it may be half written.
        """
        now = look(self.inbound)
        at_rest, self._before = now == self._before, now
        if not at_rest or now == self._collected:
            return []
        new = {
            Path(path).relative_to(self.inbound).parts[0] for path, _, _ in now - self._collected
        }
        self._collected = now
        # LEARNER+ASSIGNMENT+TIME+RANDOM
        named = {parts[1] for name in new if len(parts := name.rsplit("+", 3)) > 2}
        wanted = assignments()
        told = {each: self._api.collect(each) for each in sorted(named) if each in wanted}
        return [f"{each}: {_why(said)}" for each, said in told.items() if not said["success"]]


def _why(said: dict[str, Any]) -> str:
    lines = (said.get("error") or said.get("log") or "").strip().splitlines()
    return f"nbgrader could not collect it: {lines[-1] if lines else 'it did not say why'}"
