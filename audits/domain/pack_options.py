"""What of a project goes into a pack. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

CURRENT, ALL = "current", "all"
PUBLIC, INTERNAL, CONFIDENTIAL = "public", "internal", "confidential"
_RANK = {PUBLIC: 0, INTERNAL: 1, CONFIDENTIAL: 2}


@dataclass(frozen=True, slots=True)
class PackOptions:
    """What was asked for. Empty lists choose everything; several kinds narrow each other down.

    `classification` is the highest class that goes in, `revisions` whether those of evidence that a newer one took the
    place of go in too.
    """

    edition: str
    clauses: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    phases: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    classification: str = CONFIDENTIAL
    revisions: str = CURRENT

    @property
    def is_whole(self) -> bool:
        """Whether it takes all there is, whatever it hangs on."""
        return not (self.clauses or self.components or self.phases)

    def takes_class(self, classification: str) -> bool:
        """Whether what is classified so goes in."""
        return _RANK[classification] <= _RANK[self.classification]

    def takes_days(self, start: date, end: date) -> bool:
        """Whether what is about these days lies in the period."""
        return (self.since is None or end >= self.since) and (self.until is None or start <= self.until)

    def takes_clauses(self, clauses: Iterable[str]) -> bool:
        """Whether one of `clauses` is asked for, or lies below one that is."""
        return not self.clauses or any(self.takes_clause(each) for each in clauses)

    def takes_clause(self, clause: str) -> bool:
        """Whether `clause` is asked for, or lies below one that is."""
        return not self.clauses or any(clause == wanted or clause.startswith(f"{wanted}.") for wanted in self.clauses)

    def takes_phase(self, number: int | None, phases: Iterable[int] = ()) -> bool:
        """Whether phase `number` is asked for; of what says none (None), one of `phases`."""
        if not self.phases:
            return True
        return number in self.phases if number is not None else bool(set(phases) & set(self.phases))

    def as_plain(self) -> dict[str, Any]:
        """Plain values, as a row and a manifest keep them."""
        return {
            "edition": self.edition,
            "clauses": list(self.clauses),
            "components": list(self.components),
            "phases": list(self.phases),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "classification": self.classification,
            "revisions": self.revisions,
        }


def from_plain(said: Mapping[str, Any]) -> PackOptions:
    """What `as_plain` wrote."""
    return PackOptions(
        edition=said["edition"],
        clauses=tuple(said.get("clauses", ())),
        components=tuple(said.get("components", ())),
        phases=tuple(said.get("phases", ())),
        since=date.fromisoformat(said["since"]) if said.get("since") else None,
        until=date.fromisoformat(said["until"]) if said.get("until") else None,
        classification=said.get("classification", CONFIDENTIAL),
        revisions=said.get("revisions", CURRENT),
    )
