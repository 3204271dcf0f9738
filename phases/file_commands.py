"""What commands share that write rows to a file or take them from one, and how a terminal is told what is wrong."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audittrail.context import acting_via
from common.exceptions import ServiceError, StaleWrite
from common.marked_rows import CELL, CHOICES, BadCell
from common.uploads import Upload, UploadRefused, read_upload

_CELLS = {
    "formula": "is a formula; give the value itself",
    "control": "holds control characters",
    "damaged": "holds letters that were damaged on the way",
    "error value": "is an error of the spreadsheet program",
    "merged": "is merged with another cell; split them",
    "no column": "stands under no known column; delete it or name the column",
}


def write_text(command: BaseCommand, text: str, output: str) -> None:
    """Write a table to the file `output`, or to the terminal where it is empty. Raises CommandError."""
    if output:
        _write(command, text.encode(), output)
    else:
        command.stdout.write(text, ending="")


def write_workbook(command: BaseCommand, content: bytes, output: str) -> None:
    """Write a workbook to the file `output`, or to what reads the command where it is empty. Raises CommandError."""
    if output:
        _write(command, content, output)
    elif sys.stdout.isatty():
        raise CommandError("A workbook is no text for a terminal: give --output FILE.")
    else:
        sys.stdout.buffer.write(content)


def _write(command: BaseCommand, content: bytes, output: str) -> None:
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise CommandError(f"--output: {output!r} cannot be written: {error.strerror}") from error
    command.stderr.write(f"Wrote {output}.")


def add_conflicts_option(parser: ArgumentParser) -> None:
    """Give a command the option `--conflicts`."""
    parser.add_argument(
        "--conflicts",
        choices=sorted(CHOICES),
        default="stop",
        help="Where a cell changed in the file and here: stop (the default), take the file's, or keep what stands.",
    )


def read_file(name: str, max_bytes: int) -> Upload:
    """A file of the disk, read like an upload. Raises CommandError, UploadRefused."""
    path = Path(name)
    try:
        with path.open("rb") as source:
            return read_upload(_Sent(path.name, source), max_bytes=max_bytes)
    except OSError as error:
        raise CommandError(f"{name!r} cannot be read: {error.strerror}") from error


@contextmanager
def file_act() -> Iterator[None]:
    """What is done inside came in by a file; what a service or the reader refuses ends it as a CommandError."""
    with acting_via("import"):
        try:
            yield
        except UploadRefused as error:
            raise CommandError(str(error)) from error
        except StaleWrite as error:
            raise CommandError(f"{error} Import the file again.") from error
        except ServiceError as error:
            raise CommandError(str(error)) from error


def refused_rows(command: BaseCommand, bad: Sequence[BadCell], words: Mapping[str, str]) -> CommandError:
    """Say of every cell where it stands and why it cannot be taken; returns the end of it.

    `words` by what is wrong, for what no reader of files knows.
    """
    for cell in bad:
        place = f"sheet {cell.sheet}, row {cell.number}" if cell.sheet else f"row {cell.number}"
        why = _CELLS.get(cell.detail, cell.detail) if cell.why == CELL else words[cell.why].format(detail=cell.detail)
        command.stderr.write(f"{place}, column {cell.column}: {cell.value!r} {why}")
    rows = len({(cell.sheet, cell.number) for cell in bad})
    return CommandError(f"Nothing was changed: {rows} row(s) cannot be taken.")


class _Sent:
    """A file of the disk, read like an upload."""

    def __init__(self, name: str, source: Any) -> None:
        self.name: str | None = name
        self.size: int | None = None
        self._source = source

    def read(self, num_bytes: int | None = None, /) -> bytes:
        """At most so many bytes."""
        content: bytes = self._source.read(num_bytes)
        return content
