"""The form of one question, read field by field: what each says, and what it said when the form was filled."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from common.query import choice, single_values, whole_number
from common.texts import clean_text
from gapanalysis.services.saving import FIELDS, Sent
from projects.services.guards import parse_version

WAYS = ("stay", "next", "back", "later", "again", "confirm", "none")
"""What the buttons of the form do, besides saving it."""

_VERSION = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What was sent. `do` is the button, "" for a save while typing; `over` the version of the text to write over."""

    version: str
    do: str
    over: str = ""
    sent: dict[str, Sent] = field(default_factory=dict)


def read_answer(data: QueryDict) -> AnswerForm:
    """Read the form. Raises VersionMissing where it names no version, BadRequest for what no form of ours sends."""
    single_values(data, multiple=("rungs",))
    version = data.get("version", "")
    if not _VERSION.fullmatch(version):
        parse_version("")
    sent = {}
    for name in FIELDS:
        if f"was_{name}" not in data:
            continue
        read = _READ.get(name, _text)
        was = read(name, data.get(f"was_{name}", ""))
        raw = ",".join(data.getlist(name)) if name == "rungs" else data.get(name)
        # No choice made is no change; the list of rungs alone can become empty by hand.
        sent[name] = Sent(was if raw is None else read(name, raw), was)
    return AnswerForm(version, choice("do", data.get("do", ""), WAYS), data.get("over", "")[:24], sent)


def _text(_name: str, raw: str) -> str:
    if "\x00" in raw:
        raise BadRequest("a NUL in a text")
    return clean_text(raw)


def _number(name: str, raw: str) -> int | None:
    return whole_number(name, raw)


def _list(_name: str, raw: str) -> list[str]:
    return [one for one in raw.split(",") if one]


_READ: dict[str, Callable[[str, str], Any]] = {"rating": _number, "owner": _number, "rungs": _list}
