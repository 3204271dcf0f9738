"""What a scope may not leave out. No Django.

A scope leaves out a service, a place or a customer. It never leaves out a clause of ISO/IEC 20000-1 or one of its
processes: who claims conformity meets every requirement.
"""

import re
from dataclasses import dataclass

# Names of processes and duties as people write them, and the clause of the 2018 edition that asks for them.
PROCESSES = {
    "management responsibility": "5.1",
    "risk management": "6.1",
    "document and record management": "7.5",
    "document management": "7.5",
    "record management": "7.5",
    "competence, awareness and training": "7.2",
    "service catalogue management": "8.2.4",
    "asset management": "8.2.5",
    "configuration management": "8.2.6",
    "business relationship management": "8.3.2",
    "service level management": "8.3.3",
    "supplier management": "8.3.4",
    "budgeting and accounting": "8.4.1",
    "demand management": "8.4.2",
    "capacity management": "8.4.3",
    "change management": "8.5.1",
    "service design and transition": "8.5.2",
    "design and transition of new or changed services": "8.5.2",
    "release and deployment management": "8.5.3",
    "release management": "8.5.3",
    "deployment management": "8.5.3",
    "incident management": "8.6.1",
    "request fulfilment": "8.6.2",
    "service request management": "8.6.2",
    "problem management": "8.6.3",
    "service continuity and availability management": "8.7.1",
    "availability management": "8.7.1",
    "continuity management": "8.7.2",
    "information security management": "8.7.3",
    "internal audit": "9.2",
    "internal audits": "9.2",
    "management review": "9.3",
    "management reviews": "9.3",
    "service reporting": "9.4",
    "corrective action": "10.1",
    "continual improvement": "10.2",
}
CLAUSE_OF_WORK_BY_OTHERS = "8.2.3"

_NUMBER = r"(?P<number>(?:[4-9]|10)(?:\.\d{1,2})*)"
_CLAUSE = re.compile(
    rf"(?:\b(?:sub-?)?clauses?|\bsections?|\bchapters?|\brequirements?(?: of)?|§)\s*{_NUMBER}\b", re.IGNORECASE
)
_BARE_CLAUSE = re.compile(r"^\s*(?P<number>(?:[4-9]|10)\.\d{1,2}(?:\.\d{1,2})*)(?=\s|$|[:,;)])")
# "Change management tool" names a service that somebody runs, not the process.
_A_PRODUCT = re.compile(r"\s+(?:tools?|software|systems?|platforms?|applications?|suites?|products?)\b")
_LONGEST_FIRST = sorted(PROCESSES, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """A line that names something a scope cannot leave out: `clause` of the 2018 edition, and its `name` if said."""

    clause: str
    name: str = ""


def refused_part(text: str) -> RefusedPart | None:
    """The clause or process that a line of "left out" names, or None where it names neither."""
    plain = " ".join(text.lower().replace("-", " ").split())
    for name in _LONGEST_FIRST:
        for found in re.finditer(rf"\b{re.escape(name)}\b", plain):
            if not _A_PRODUCT.match(plain, found.end()):
                return RefusedPart(PROCESSES[name], name)
    numbered = _CLAUSE.search(text) or _BARE_CLAUSE.search(text)
    return RefusedPart(numbered["number"]) if numbered else None
