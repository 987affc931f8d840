"""The shell that runs cells: that of Jupyter's kernel, without a front end.

Notebooks are written in a kernel, and libraries ask for it: pandas prints a table in another way,
matplotlib closes figures after each cell, tqdm looks at the shell's settings. What is displayed is
printed, as plain text alone: nobody looks at the other forms.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import getpass
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.sandbox.inside.loop import Loop
from grader.sandbox.inside.output import Printed, Stream
from grader.wire.questions import ask_nobody

# What a kernel is started with.
ARGUMENTS = ["ipykernel_launcher.py", "-f", "kernel.json"]


def make_shell() -> Any:
    """Make the shell; code of warm interpreters is yet to be imported in its presence."""
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.zmqshell import ZMQInteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False  # its thread and database would not survive a fork
    config.IPKernelApp.connection_file = ARGUMENTS[-1]  # "am I in a notebook?" asks for it
    publisher, hook = _displays()
    shell = ZMQInteractiveShell.instance(
        config=config,
        display_pub_class=publisher,
        displayhook_class=hook,
        compiler_class=XCachingCompiler,  # whose names of cells end like those of modules
    )
    shell.extension_manager.load_extension("storemagic")
    _take_ipythons_debugger()
    shell.kernel = SimpleNamespace(eventloop=None, shell=shell)
    shell.showtraceback = shell.showsyntaxerror = _Traceback(shell)
    # Kept with the history, for nobody: IPython's own way reads and colors a hundred files.
    shell.InteractiveTB.structured_traceback = partial(_plain_lines, shell.InteractiveTB)
    shell.enable_gui = lambda *_: None  # %matplotlib inline
    shell.display_formatter.active_types = ["text/plain"]
    shell.builtin_trap.__enter__()  # `display` and `get_ipython`, in tests' calls as well
    return shell


def _take_ipythons_debugger() -> None:
    import pdb

    from IPython.core import debugger

    debugger.Pdb = pdb.Pdb = debugger.InterruptiblePdb  # type: ignore[misc]
    pdb.set_trace = debugger.set_trace


def _displays() -> tuple[type, type]:
    """Make what publishes displayed objects and a cell's result: both only print."""
    from ipykernel.displayhook import ZMQShellDisplayHook
    from ipykernel.zmqshell import ZMQDisplayPublisher

    class Publisher(ZMQDisplayPublisher):
        def publish(self, data: Any, *_: Any, **__: Any) -> None:
            self.shell.show(data.get("text/plain", ""))

        def clear_output(self, wait: bool = False) -> None:
            """Leave what was printed."""

    class Hook(ZMQShellDisplayHook):
        def write_output_prompt(self) -> None:
            """Leave it out: it is no part of what was printed."""

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self.shell.show(format_dict.get("text/plain", ""))

        def finish_displayhook(self) -> None:
            """Print nothing more."""

    return Publisher, Hook


class _Traceback:
    """Keep an exception for `%debug` and `sys.last_value`; `checkpoint` reports it."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def __call__(self, *_: Any, **__: Any) -> None:
        from IPython.core.error import UsageError

        kind, error, trace = sys.exc_info()
        sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
        if isinstance(error, UsageError):
            self.shell.show_usage_error(error)
        elif kind in self.shell.custom_exceptions:
            self.shell.CustomTB(kind, error, trace)
        elif _holds_a_group(error):
            traceback.print_exc()  # IPython leaves it to Python, which prints it


def _plain_lines(shown: Any, kind: Any, error: Any, trace: Any, **_: Any) -> list[str]:
    shown.tb = trace  # %debug asks for it
    return traceback.format_exception(kind, error, trace)


def _holds_a_group(error: BaseException | None) -> bool:
    return error is not None and (
        isinstance(error, BaseExceptionGroup) or _holds_a_group(error.__context__)
    )


def open_notebook(shell: Any, printed: Printed) -> Loop:
    """Make this process the one that a notebook runs in; return its event loop."""
    sys.argv = list(ARGUMENTS)
    sys.stdout, sys.stderr = Stream(printed, 1, "stdout"), Stream(printed, 2, "stderr")
    sys.breakpointhook = lambda *_, **__: None  # no debugger is there to go on with
    shell.show = lambda text: printed.add(f"{text}\n")
    shell.user_ns["_dh"][:] = [Path.cwd()]
    builtins.input = getpass.getpass = ask_nobody
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where graded in a shell's &
    loop = Loop()
    asyncio.set_event_loop(loop)
    return loop


def run_cell(shell: Any, loop: Loop, source: str) -> BaseException | None:
    """Run one cell as a kernel does; return the exception that ended it."""
    _see_new_modules()
    try:
        result = loop.run_cell(lambda: _run(shell, source))
        if callable(result):
            result = loop.run_async_cell(result())
        loop.go_on()
    except BaseException as escaped:  # noqa: BLE001 - the learner's code may raise anything
        return escaped
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def _run(shell: Any, source: str) -> Any:
    """Run a cell, or return what runs one that awaits something."""
    broken = None
    try:
        transformed = shell.transform_cell(source)
    except Exception:  # noqa: BLE001 - reported by the shell, as the cell's
        transformed, broken = source, sys.exc_info()
    told = {"transformed_cell": transformed, "preprocessing_exc_tuple": broken}
    if not shell.should_run_async(source, **told):
        return shell.run_cell(source, store_history=True)
    return _awaiting(shell, source, told)


def _awaiting(shell: Any, source: str, told: dict[str, Any]) -> Callable[[], Any]:
    async def run() -> Any:
        result = None
        try:
            result = await shell.run_cell_async(source, store_history=True, **told)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    return run


def _see_new_modules() -> None:
    # A folder is listed anew when its time has changed, and cells follow each other faster than
    # that time runs: `%%writefile helpers.py`, then `import helpers`.
    # It may be gone, or never have been listed.
    with contextlib.suppress(OSError, KeyError, AttributeError):
        finder: Any = sys.path_importer_cache[str(Path.cwd())]
        finder.invalidate_caches()
