"""Documents of Alder's, from a draft to one in force."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from common import clock
from documents.models import Document, DocumentVersion, OwnTemplate
from documents.selectors import open_version
from documents.services.begin import DocumentFacts, FirstText, begin_document
from documents.services.house import add_template
from documents.services.publishing import publish_version
from documents.services.reading import ask_to_read
from documents.services.review import decide, submit_version
from tests.cast import Cast

BODY = "## Why we have it\n\n[[organization]] serves [[customers]].\n\n## What we do\n\nWe answer."

ASKING = (
    "## What we do\n\n[[organization]] answers in [[ask: Within which time? | four hours]].\n\n"
    "## Who\n\n[[choice: daily | weekly]], by [[owner_of: CH]].\n\n> Example: Ten minutes.\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """A folder of its own for the stored files of each test."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media" / "evidence"


def soon(days: int = 14) -> date:
    """A day ahead."""
    return clock.today("UTC") + timedelta(days=days)


def begin(cast: Cast, body: str = BODY, who: str = "petra", **facts) -> Document:
    """A document of one's own with its first draft."""
    return begin_document(
        acting_user=cast.people[who],
        project=cast.project,
        facts=DocumentFacts(**{"title": "How we answer", "kind": "procedure", **facts}),
        text=FirstText(body),
    )


def draft_of(document: Document) -> DocumentVersion:
    """Its version on its way."""
    version = open_version(document)
    assert version is not None
    return version


def send(
    cast: Cast, document: Document, who: str = "petra", to: tuple[str, ...] = ("toma",), **extra
) -> DocumentVersion:
    """The draft, sent for review."""
    return submit_version(
        **{
            "acting_user": cast.people[who],
            "project": cast.project,
            "key": document.key,
            "version": draft_of(document).version,
            "approvers": [cast.people[name] for name in to],
            "decide_by": soon(),
            "change_note": "What is new.",
            "although_incomplete": True,
            **extra,
        }
    )


def approve(cast: Cast, version: DocumentVersion, who: str = "toma", **extra) -> DocumentVersion:
    """One approver's yes."""
    return decide(
        **{
            "acting_user": cast.people[who],
            "version": version,
            "seen_sha256": version.sha256,
            "verdict": "approve",
            **extra,
        }
    )


def publish(cast: Cast, document: Document, decider: str = "toma", **extra) -> DocumentVersion:
    """The draft, sent, approved and put in force."""
    version = approve(cast, send(cast, document, **extra), decider)
    return publish_version(acting_user=cast.mara, version=version, lock=version.version)


def controlled(cast: Cast, decider: str) -> None:
    """Documents that wait for the word of `decider`, are approved, and are published and read."""
    send(cast, begin(cast, title="How we decide"), to=(decider,))
    approve(cast, send(cast, begin(cast, title="How we approve")))
    version = publish(cast, begin(cast, title="How we publish", owner=cast.parties["mara"], review_months=1))
    readers = [cast.parties["cora"], cast.parties["tim"]]
    ask_to_read(acting_user=cast.mara, version=version, readers=readers, due=soon(1))


OWN = {
    "title": "On call",
    "summary": "Who answers at night.",
    "kind": "procedure",
    "several": "",
    "obligation": "practice",
    "clauses_2018": ["8.6.1"],
    "clauses_2011": [],
    "activities": [],
    "owner_role": "team lead",
    "approver_role": "top management",
    "classification": "internal",
    "review_months": 12,
    "phase": 1,
}


def own_template(cast: Cast, **more) -> OwnTemplate:
    """A template of Alder's own."""
    body = more.pop("body", "## Rule\n\n[[owner]] is called first.")
    start = more.pop("start", "")
    return add_template(acting_user=cast.olga, organization=cast.alder, front={**OWN, **more}, body=body, start=start)
