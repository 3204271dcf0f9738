"""The documents of the demo: policies first, then what each phase lives by; in force, on their way, put away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from common import clock
from documents.domain.fill import Mark, MarkKind
from documents.library import asked_marks, library
from documents.models import Document, DocumentVersion, Reading
from documents.selectors import open_version
from documents.services.begin import begin_from_template, begin_version
from documents.services.drafts import answer_questions, save_draft
from documents.services.publishing import archive_document, publish_version
from documents.services.reading import ask_to_read, confirm_reading
from documents.services.review import decide, submit_version
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week

_EXAMPLE = re.compile(r"^> Example:.*(?:\n>.*)*\n?", re.MULTILINE)
#: How many days ahead the new rules on requests are published.
AHEAD = 60
SUPPLIERS = "Northline Telecom, Cloudbase and PrintWorks"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one document: begun in `week` by `author`, owned by `owner`, asked of `approvers`.

    `until` is how far it came: "draft", "filled", "sent", "approved", "published". `subject` is which of several.
    """

    key: str
    week: int
    author: str
    owner: str
    approvers: tuple[str, ...]
    until: str
    subject: str = ""


STORY = (
    Told("service-management-policy", 11, "manager", "elin", ("elin", "committee"), "published"),
    Told("scope-of-the-sms", 11, "manager", "manager", ("elin",), "published"),
    Told("document-and-record-control-procedure", 12, "lotte", "lotte", ("manager",), "published"),
    Told("change-management-policy", 14, "owner", "owner", ("elin",), "published"),
    Told("information-security-policy", 15, "noor", "noor", ("elin", "committee"), "published"),
    Told("incident-management-procedure", 16, "klara", "klara", ("owner",), "published"),
    Told("service-request-procedure", 18, "klara", "klara", ("carla",), "published"),
    Told("change-request-procedure", 18, "owner", "owner", ("tomas",), "published"),
    Told("service-management-objectives", 19, "manager", "elin", ("committee",), "published"),
    Told("service-management-plan", 20, "manager", "manager", ("elin", "committee"), "published"),
    Told("risk-and-opportunity-approach", 20, "manager", "manager", ("committee",), "published"),
    Told("process-description", 22, "klara", "klara", ("manager",), "published", "Incident management"),
    Told("record-changes", 24, "owner", "owner", ("manager",), "published"),
    Told("major-incident-procedure", 36, "klara", "klara", ("elin",), "approved"),
    Told("problem-management-procedure", 41, "hugo", "hugo", ("owner",), "sent"),
    Told("service-catalogue", 43, "carla", "carla", ("committee", "elin"), "sent"),
    Told("service-level-agreement", 44, "carla", "carla", (), "filled", "Meridian Logistics"),
    Told("communication-and-training-plan", 44, "lotte", "lotte", (), "filled"),
    Told("configuration-management-procedure", 45, "tomas", "tomas", (), "draft"),
    Told("service-continuity-plan", 46, "pieter", "pieter", (), "draft"),
    Told("supplier-contract-checklist", 32, "sanne", "sanne", (), "draft"),
    # What the committee agreed on in its first week, on paper.
    Told("steering-committee-terms", 2, "manager", "manager", ("elin", "committee"), "published"),
)


#: What the next version of a document adds, and why.
NEXT = {
    "change-management-policy": (
        "\nA standard change that failed once goes back to the list of normal changes until its recipe is mended.\n",
        "Standard changes get a list of their own, and the calendar is open to suppliers.",
    ),
    "service-request-procedure": (
        "\nFrom the new year on, requests for access are approved by the owner of the service alone.\n",
        "Requests for access need one approval instead of two.",
    ),
}


def add_documents_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
) -> None:
    """Put all that belongs to documents into the script."""
    for told in STORY:
        week, day = told.week, (told.week + len(told.key)) % 4
        script.add(in_week(start, week, day, 9), _begin, project, users, parties, told)
        if told.until == "draft":
            continue
        script.add(in_week(start, week + 1, day, 10), _fill, project, users, told)
        if told.until == "filled":
            continue
        script.add(in_week(start, week + 2, day, 11), _send, project, users, told)
        if told.until == "sent":
            continue
        for place, approver in enumerate(told.approvers):
            script.add(in_week(start, week + 3, day, 9 + place), _approve, project, users, told, approver)
        if told.until == "published":
            script.add(in_week(start, week + 4, 0, 9), _publish, project, users, told)
    script.add(in_week(start, 21, 1, 10), _ask_to_read, project, users, parties)
    script.add(in_week(start, 23, 2, 16), _read, project, users)
    script.add(in_week(start, 34, 1, 9), _next_version, project, users, STORY[3])
    for step, (week, act) in enumerate(((35, _send), (36, _approve_all), (37, _publish))):
        script.add(in_week(start, week, 1, 10 + step), act, project, users, STORY[3])
    script.add(in_week(start, 40, 3, 14), _put_away, project, users)
    script.add(in_week(start, 43, 1, 9), _next_version, project, users, STORY[6])
    for step, (week, act) in enumerate(((44, _send), (45, _approve_all), (45, _publish_later))):
        script.add(in_week(start, week, 2, 10 + step), act, project, users, STORY[6])


def _key(told: Told) -> str:
    return f"{told.key}-{told.subject.lower().replace(' ', '-')}" if told.subject else told.key


def _draft(project: Project, told: Told) -> DocumentVersion:
    document = Document.objects.select_related("owner").get(project=project, key=_key(told))
    document.project = project
    version = open_version(document)
    if version is None:
        raise LookupError(told.key)
    return version


def _begin(project: Project, users: Mapping[str, User], parties: Mapping[str, Party], told: Told) -> None:
    begin_from_template(
        acting_user=users[told.author], project=project, key=told.key, subject=told.subject, owner=parties[told.owner]
    )


def _fill(project: Project, users: Mapping[str, User], told: Told) -> None:
    """Answer what the template asks with its own examples, and take the passages out that are only examples."""
    template = library()[told.key]
    answers = {mark.key: _answer(mark) for mark in asked_marks(template)}
    if "[[suppliers]]" in template.body:
        answers["suppliers"] = SUPPLIERS
    answer_questions(acting_user=users[told.author], project=project, key=_key(told), answers=answers)
    draft = _draft(project, told)
    body = _EXAMPLE.sub("", draft.body)
    save_draft(
        acting_user=users[told.author], project=project, key=_key(told), version=draft.version, body=body, autosave=True
    )


def _answer(mark: Mark) -> str:
    return mark.options[0] if mark.kind == MarkKind.CHOICE else mark.example


def _send(project: Project, users: Mapping[str, User], told: Told) -> None:
    draft = _draft(project, told)
    submit_version(
        acting_user=users[told.author],
        project=project,
        key=_key(told),
        version=draft.version,
        approvers=[users[each] for each in told.approvers],
        decide_by=clock.now().date() + timedelta(days=14),
        change_note=NEXT[told.key][1] if draft.origin == "earlier" else "First version.",
        weight="minor" if draft.origin == "earlier" else "major",
        although_incomplete=True,
    )


def _approve(project: Project, users: Mapping[str, User], told: Told, approver: str) -> None:
    version = _draft(project, told)
    decide(acting_user=users[approver], version=version, seen_sha256=version.sha256, verdict="approve")


def _approve_all(project: Project, users: Mapping[str, User], told: Told) -> None:
    for approver in told.approvers:
        _approve(project, users, told, approver)


def _publish(project: Project, users: Mapping[str, User], told: Told) -> None:
    version = _draft(project, told)
    publish_version(acting_user=users["manager"], version=version, lock=version.version)


def _publish_later(project: Project, users: Mapping[str, User], told: Told) -> None:
    """Published some weeks ahead, so that people can prepare for it."""
    version, day = _draft(project, told), clock.today(project.time_zone) + timedelta(days=AHEAD)
    publish_version(acting_user=users["manager"], version=version, lock=version.version, effective_on=day)


def _next_version(project: Project, users: Mapping[str, User], told: Told) -> None:
    draft = begin_version(acting_user=users[told.author], project=project, key=_key(told))
    save_draft(
        acting_user=users[told.author],
        project=project,
        key=_key(told),
        version=draft.version,
        body=draft.body + NEXT[told.key][0],
    )


def _ask_to_read(project: Project, users: Mapping[str, User], parties: Mapping[str, Party]) -> None:
    version = Document.objects.get(project=project, key="service-management-policy").versions.get(state="published")
    version.document.project = project
    readers = [parties[each] for each in ("owner", "klara", "tomas", "noor", "carla", "lotte")]
    ask_to_read(
        acting_user=users["manager"],
        version=version,
        readers=readers,
        due=clock.now().date() + timedelta(days=21),
        role="Process owner",
    )


def _read(project: Project, users: Mapping[str, User]) -> None:
    """All but two said that they read the policy."""
    for key in ("klara", "tomas", "noor", "carla"):
        reading = Reading.objects.select_related("document_version__document__project").get(
            project=project, reader__user=users[key]
        )
        confirm_reading(acting_user=users[key], reading=reading)


def _put_away(project: Project, users: Mapping[str, User]) -> None:
    document = Document.objects.get(project=project, key="supplier-contract-checklist")
    archive_document(
        acting_user=users["manager"],
        project=project,
        key=document.key,
        version=document.version,
        why="Group purchasing has a list of its own, which holds for us too.",
    )
