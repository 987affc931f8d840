"""What can go wrong, and whose fault it is.

    GraderError
    ├── ExerciseError     the author's: names the file and the field
    ├── SubmissionError   the learner's: safe to show to the learner
    ├── SandboxError      ours: no score is written, the submission stays pending
    │   └── SandboxLostError  the same once; twice it is what the submission does
    └── GradebookError    ours: the same

    LearnerError          raised inside a test for an exception of the learner's code that is of
                          no class known on the trusted side (see `raised`)

Learner code that fails is an outcome (`score.Outcome`), not an exception.
"""

from __future__ import annotations

# What the package index and pip call this package; `grader` is somebody else's there.
DISTRIBUTION = "beyond-the-model-grader"
# Said wherever nbgrader's autograde is refused.
NOT_NBGRADERS = "nbgrader cannot mark this exercise: run `grader grade`"


class GraderError(Exception):
    """Base of all errors that a command reports in one sentence; `exit_code` 1: input, 2: ours."""

    exit_code = 1


class ExerciseError(GraderError):
    """Report a fault in an exercise's files."""


class SubmissionError(GraderError):
    """Report a fault in what a learner handed in."""


class SandboxError(GraderError):
    """Report that the wall could not be built, or broke for a reason of ours."""

    exit_code = 2


class SandboxLostError(SandboxError):
    """Report that the wall was there, and ended while a submission was behind it."""


class GradebookError(GraderError):
    """Report that records or gradebook could not be read or written."""

    exit_code = 2


class LearnerError(Exception):
    """Stand for an exception of the learner's code; `class_name` is the name of its class."""

    def __init__(self, class_name: str, message: str) -> None:
        super().__init__(f"{class_name}: {message}" if message else class_name)
        self.class_name = class_name
