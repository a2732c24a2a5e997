"""Waiting in the event loop until something is so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

_POLL_MS = 2


def wait_until(condition: Callable[[], bool], timeout_ms: int = 60_000) -> None:
    """Let events through until `condition` holds; fail where it never does."""
    loop, poll = QEventLoop(), QTimer()
    poll.setInterval(_POLL_MS)
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    poll.start()
    QTimer.singleShot(timeout_ms, loop, loop.quit)
    loop.exec()
    poll.stop()
    assert condition(), "it never came to be"
