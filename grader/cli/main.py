"""The command `grader`: each verb parses, makes one call and prints.

Results go to stdout, talk to stderr. Exit codes: 0 done, 1 the input's fault, 2 ours. Everything
heavy is imported by the verb that needs it: `grader --help` answers at once.
"""

from __future__ import annotations

import re
import sys

import click

from grader import lean
from grader.cli import authors, instructors, learners  # noqa: F401 - they add their verbs
from grader.cli.options import grader, say
from grader.errors import DISTRIBUTION, GraderError

# Here, because the processes of a pool import this file before all others.
lean.without_uri_grammar()
INTERRUPTED = 130


def main() -> None:
    """Run the command line; turn a GraderError into one sentence and its exit code."""
    try:
        grader(standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("Stopped. What was finished is stored; the same command goes on from there.")
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except GraderError as error:
        say(f"Error: {error}")
        sys.exit(error.exit_code)
    except ModuleNotFoundError as error:
        extra = extra_with(error.name) if error.name else None
        if extra is None:
            raise
        way = f"pip install '{DISTRIBUTION}[{extra}]'"
        say(f"Error: {error.name} is not installed: get what this command needs by {way}")
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written to
        say(f"Error: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(2)


def extra_with(module: str) -> str | None:
    """Return the first of the package's extras that brings a module, if one does."""
    from importlib import metadata

    name = re.escape(module.split(".")[0])
    extra = re.compile(rf'{name}\b.*\bextra == "([\w-]+)"', re.IGNORECASE)
    matches = map(extra.match, metadata.requires(DISTRIBUTION) or ())
    return next((match[1] for match in matches if match), None)
