"""What the log of a production installation would hold."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smsplan import logs


class Lines:
    """The lines that were logged in a block."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        """All of it, as it was written."""
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        """Each line as JSON; a line that is none fails the test."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The lines of one kind."""
        return [line for line in self.read() if line["event"] == event]


@contextmanager
def logged(form: str = "json", level: int = logging.INFO) -> Iterator[Lines]:
    """Take down what is logged from `level` on, in the form that the application would write it."""
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(logs.formatter(form))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
