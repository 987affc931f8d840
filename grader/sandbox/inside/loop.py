"""An event loop that is running while a cell is, as in a kernel.

`await` works at the top of a cell, tasks go on in the next one, and `asyncio.run` is refused in
both places alike.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Awaitable, Callable
from typing import Any

# Between two cells a kernel's loop goes on: so many turns for tasks that wait for nothing.
_TURNS = 20


class Loop(asyncio.SelectorEventLoop):
    """Hold no descriptor until something has to be waited for: most notebooks never do."""

    def __init__(self) -> None:
        self._ssock = self._csock = None
        super().__init__(selectors.PollSelector())

    def _make_self_pipe(self) -> None:
        """Leave it to `run_forever`."""

    def run_forever(self) -> None:
        if self._csock is None:
            super()._make_self_pipe()  # type: ignore[misc]
        super().run_forever()

    def run_cell(self, cell: Callable[[], Any]) -> Any:
        """Call what runs a cell that awaits nothing; for all that it can see this loop runs."""
        # Without a turn of the loop, which would never end where a cell has replaced `len`.
        self._thread_id: int | None = threading.get_ident()
        asyncio._set_running_loop(self)
        try:
            return cell()
        finally:
            asyncio._set_running_loop(None)
            self._thread_id = None

    def run_async_cell(self, cell: Awaitable[Any]) -> Any:
        """Wait for a cell that awaits something."""
        return self.run_until_complete(cell)

    def go_on(self) -> None:
        """Give tasks of earlier cells some turns, if there are any."""
        if asyncio.all_tasks(self):
            self.run_until_complete(_turns())


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
