"""The trail as a pack carries it: what is in the pack is told in full, of all else there is the hash."""

import json
import re
from collections.abc import Iterator

from audits.domain.pack_options import PackOptions
from audits.domain.pack_state import PackState
from audits.selectors.pack_cut import FINDING_KIND, PACK_KIND
from audittrail.models import Event
from projects.models import Project

_READ = 2000
_HASH = re.compile(r'"([0-9a-f]{64})"')
#: What is about the project as a whole, and goes in with all of it.
_OF_ALL = frozenset({"phase", "gate", "meeting", "baseline", "assessment"})


class PackTrail:
    """The lines of `trail.jsonl`, and what was counted on the way."""

    def __init__(self, project: Project, state: PackState, options: PackOptions) -> None:
        self._project, self._state, self._options = project, state, options
        self._named = _named(state)
        self.told: set[str] = set()
        self.full = 0

    def lines(self) -> Iterator[bytes]:
        """A line for each event up to the cut."""
        rows = Event.objects.filter(stream_id=self._project.uuid, seq__lte=self._state.cut.seq).order_by("seq")
        for event in rows.iterator(chunk_size=_READ):
            said: dict[str, object] = {
                "seq": event.seq,
                "payload_sha256": event.payload_sha256,
                "prev_hash": event.prev_hash,
                "hash": event.hash,
            }
            if event.payload is not None and self._is_told(event):
                said |= {"payload": event.payload, "salt": event.salt}
                self.full += 1
                self.told.update(_HASH.findall(event.payload))
            yield (json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()

    def _is_told(self, event: Event) -> bool:
        if event.kind == PACK_KIND:
            return False
        if self._options.is_whole and event.kind in _OF_ALL:
            return True
        return event.key in self._named.get(event.kind, ())


def _named(state: PackState) -> dict[str, set[str]]:
    """The keys by which the trail names what is in the pack, by kind."""
    documents = {each.key for each in state.documents} | {each.number for each in state.documents}
    return {
        "evidence": {each.key for each in state.items},
        "document": documents,
        "activity": {each.ref for each in state.activities},
        "phase activity": {f"{each.ref}@{row.phase}" for each in state.activities for row in each.rows},
        "answer": {f"{each.assessment} {each.ref}" for each in state.answers},
        FINDING_KIND: {each.ref for each in state.findings},
        "decision": {each.ref for each in state.decisions},
    }
