"""The command `grader`: each verb parses, makes one call and prints.

Results go to stdout, talk to stderr. Exit codes: 0 done, 1 the input's fault, 2 ours. Everything
heavy is imported by the verb that needs it: `grader --help` answers at once.
"""

from __future__ import annotations

import sys

import click

from grader import lean
from grader.cli import authors, instructors, learners  # noqa: F401 - they add their verbs
from grader.cli.options import grader, say
from grader.errors import GraderError

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
    except OSError as error:  # a full disk, a folder that may not be written to
        say(f"Error: {error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(2)
