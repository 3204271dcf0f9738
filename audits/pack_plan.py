"""Which file of a pack lies where: evidence and documents, each once, in the folder of the first clause it serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audits.domain.pack_names import Names, plain_name
from audits.domain.pack_state import PackDocument, PackItem, PackRevision, PackState

CLAUSES, OTHER = "clauses", "other"


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that is to go in. `revision` of evidence, or `document` to be made; one may be the paper of the other."""

    path: str
    size: int
    item: PackItem | None = None
    revision: PackRevision | None = None
    document: PackDocument | None = None

    @property
    def title(self) -> str:
        """What a person calls it."""
        if self.document is not None:
            return f"{self.document.number} {self.document.title} {self.document.version}"
        return self.item.title if self.item is not None else self.path

    @property
    def links(self) -> dict[str, Sequence[str]]:
        """What it serves, by kind."""
        if self.item is not None:
            return {
                "activities": self.item.refs,
                "clauses": self.item.clauses,
                "documents": self.item.documents,
                "answers": self.item.answers,
            }
        document = self.document
        return {"clauses": document.clauses, "activities": document.refs} if document is not None else {}


@dataclass(frozen=True, slots=True)
class Plan:
    """All files of evidence and documents in the order of their paths, and where each is found."""

    files: Sequence[Planned]
    of_item: Mapping[str, Sequence[Planned]] = field(default_factory=dict)
    of_document: Mapping[str, Planned] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes of evidence; documents are made later."""
        return sum(each.size for each in self.files)


def plan_of(state: PackState) -> Plan:
    """Where each file of `state` lies. The same state gives the same paths."""
    folders = {each.number: each.folder for each in state.clauses}
    papers = {each.paper: each for each in state.documents if each.paper}
    names = Names()
    of_item: dict[str, list[Planned]] = {}
    of_document: dict[str, Planned] = {}
    for item in state.items:
        for revision in item.revisions:
            if revision.is_gone:
                continue
            name = _name_of(item, revision)
            document = papers.get(item.key) if revision is item.counted else None
            path = names.free(f"{_folder(item.clauses, folders)}/{name}")
            planned = Planned(path, revision.size, item, revision, document)
            of_item.setdefault(item.key, []).append(planned)
            if document is not None:
                of_document[document.number] = planned
    for document in state.documents:
        if document.number not in of_document:
            name = plain_name(f"{document.number}-{document.key}-{document.version}.pdf")
            path = names.free(f"{_folder(document.clauses, folders)}/{name}")
            of_document[document.number] = Planned(path, 0, document=document)
    every = {each.path: each for group in of_item.values() for each in group}
    every |= {each.path: each for each in of_document.values()}
    return Plan([every[path] for path in sorted(every)], of_item, of_document)


def _folder(clauses: Sequence[str], folders: Mapping[str, str]) -> str:
    first = next((clause for clause in clauses if clause in folders), None)
    return f"{CLAUSES}/{folders[first]}" if first is not None else OTHER


def _name_of(item: PackItem, revision: PackRevision) -> str:
    name = plain_name(revision.file_name) if revision.file_name else f"{plain_name(item.title, longest=60)}.json"
    return f"{item.key}-r{revision.number}-{name}"


def manifest_row(planned: Planned, sha256: str, size: int, told: frozenset[str] | set[str]) -> dict[str, Any]:
    """What the manifest says of a file of evidence or a document; `told` are the hashes that the trail told."""
    row: dict[str, Any] = {"path": planned.path, "bytes": size, "sha256": sha256, "title": planned.title}
    row["links"] = {name: list(each) for name, each in planned.links.items() if each}
    if planned.item is not None and planned.revision is not None:
        row |= {
            "what": "evidence",
            "evidence": planned.item.key,
            "revision": planned.revision.number,
            "kind": planned.item.kind,
            "classification": planned.item.classification,
            "added_at": planned.revision.added_at.isoformat(timespec="seconds"),
            "in_trail": sha256 in told,
        }
    else:
        row["what"] = "document"
    if planned.document is not None:
        row |= {"document": planned.document.number, "version": planned.document.version}
    return row
