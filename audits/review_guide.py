"""What a management review looks at: read from `fixtures/audits/review-inputs.yaml`, checked as it is read, and kept.
No database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from businesscase.guide import GuideError, rows_by_key
from projects.choices import Edition

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SOURCES = frozenset(
    {
        "actions",
        "changes",
        "findings",
        "conformity",
        "audits",
        "objectives",
        "services",
        "customers",
        "policies",
        "suppliers",
        "resources",
        "risks",
        "coming",
        "improvements",
        "words",
    }
)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a review. `look` says what to look at, `ask` is the question that opens the talk.

    `source` names what the system knows about it, `editions` are those that ask for it.
    """

    key: str
    title: str
    look: str
    ask: str
    source: str
    editions: tuple[str, ...]
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]

    def clauses(self, edition: str) -> tuple[str, ...]:
        """The clauses of an edition that it is about."""
        return self.clauses_2011 if edition == Edition.E2011 else self.clauses_2018


@lru_cache(maxsize=1)
def all_inputs() -> Mapping[str, Input]:
    """All inputs by key, in the order in which a review goes. Raises GuideError for a file that is not sound."""
    path = Path(settings.CONTENT_DIR, "audits", "review-inputs.yaml")
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C where it is built)
    except (OSError, yaml.YAMLError) as error:
        raise GuideError(f"{path.name} cannot be read: {error}") from error
    found = rows_by_key(read, Input, path.name)
    for each in found.values():
        if each.source not in SOURCES or not set(each.editions) <= set(Edition.values):
            raise GuideError(f"{path.name}: {each.key}: it has a source or an edition that is not known")
    return found


def inputs_of(edition: str) -> list[Input]:
    """The inputs that an edition asks for, in order."""
    return [each for each in all_inputs().values() if edition in each.editions]
