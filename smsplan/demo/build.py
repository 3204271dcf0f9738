"""Makes the demo's clients, people and plans, and plays the story."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from accounts.models import User
from common import clock
from notifications.selectors import open_questions_in
from notifications.services.comments import add_comment
from notifications.services.notices import nobody_is_told
from notifications.services.questions import answer_question
from phases.models import PhaseActivity
from phases.selectors.board import BoardRow, rows_of
from phases.services.baselines import take_baseline
from phases.services.lifecycle import close_phase, review_phase, start_phase
from phases.services.role_map import set_role_map
from phases.services.rows import Target, change_status, set_due
from phases.services.start import ProjectPlan, start_project
from projects.calendars import public_holidays
from projects.choices import OrganizationRole, PartyKind, ProjectRole
from projects.domain import ScopeParts, scope_sentence
from projects.models import Organization, Party, Project
from projects.services.calendar import add_holidays
from projects.services.organizations import create_organization, set_organization_role
from projects.services.team import change_party, create_party, end_role, grant_role
from smsplan.demo.acts import Act, at_work, plan_acts
from smsplan.demo.audits import add_audits_story
from smsplan.demo.case import add_business_cases
from smsplan.demo.documents import add_documents_story
from smsplan.demo.documents_policies import add_objectives_story
from smsplan.demo.documents_registers import add_registers_story
from smsplan.demo.evidence import add_evidence_story
from smsplan.demo.gap import add_gap_analyses
from smsplan.demo.governance import add_governance_story
from smsplan.demo.planning import plan_in_depth
from smsplan.demo.script import Script, in_week

PASSWORD = "demo-smsplan"  # noqa: S105 (printed when the demo starts)
DOMAIN = "demo.localhost"
Say = Callable[[str], None]


def read_story() -> dict[str, Any]:
    """The story of the demo, as data."""
    path = Path(settings.CONTENT_DIR, "demo", "story.yaml")
    story: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return story


def demo_exists() -> bool:
    """Whether this database holds a demo."""
    return Project.objects.filter(slug="demo").exists()


@transaction.atomic
@nobody_is_told()
def build_demo(*, say: Say) -> None:
    """Make the whole demo, up to this instant. All or nothing. It is history: nobody is mailed about it."""
    story = read_story()
    today = clock.today()
    start = today - timedelta(weeks=story["start_weeks_ago"], days=today.weekday())
    with clock.moved_to(_morning(start)):
        users = _make_accounts(story)
        organization = _make_organization(story, users)
        project = start_project(
            acting_user=users["manager"],
            organization=organization,
            slug="demo",
            plan=_plan(story, start),
        )
    say(f"demo: {organization} with {project}, started {start:%d %b %Y}")
    script = Script()
    parties = _people(script, story, project, users, start)
    _work(script, story, project, users, parties, start, today)
    add_gap_analyses(script, project, users, parties, start)
    add_business_cases(script, project, users, parties, start, today)
    add_evidence_story(script, project, users, parties, start, today)
    add_registers_story(script, project, users, start, today)
    add_documents_story(script, project, users, parties, start)
    add_objectives_story(script, project, users, parties, start, today)
    add_governance_story(script, project, users, parties, start, today)
    add_audits_story(script, project, users, parties, start, today)
    say(f"demo: {script.play()} acts played up to {today:%d %b %Y}")
    _second_client(story, today)
    say("demo: second client made")


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), tzinfo=UTC)


def _plan(story: Mapping[str, Any], start: date) -> ProjectPlan:
    scope = story["scope"]
    parts = ScopeParts(**scope)
    return ProjectPlan(
        name=story["project"],
        start=start,
        scope_statement=scope_sentence(parts),
        other_parties="some",
        time_zone="Europe/Amsterdam",
        weeks=story["weeks"],
        **scope,
    )


def _make_accounts(story: Mapping[str, Any]) -> dict[str, User]:
    users = {}
    for entry in story["accounts"]:
        users[entry["key"]] = User.objects.create_user(
            f"{entry['key']}@{DOMAIN}",
            PASSWORD,
            name=entry["name"],
            is_superuser=entry.get("superuser", False),
            is_staff=entry.get("superuser", False),
        )
    for entry in story["people"]:
        address = entry["name"].lower().replace(" ", ".")
        # Without a password: they act in the story, nobody signs in as them.
        users[entry["key"]] = User.objects.create_user(f"{address}@{DOMAIN}", name=entry["name"])
    return users


def _make_organization(story: Mapping[str, Any], users: Mapping[str, User]) -> Organization:
    organization = create_organization(acting_user=users["admin"], name=story["organization"], owner=users["admin"])
    set_organization_role(
        acting_user=users["admin"],
        organization=organization,
        user=users["manager"],
        role=OrganizationRole.CONSULTANT,
    )
    asked = story["holidays"]
    first = clock.today().year
    days = public_holidays(asked["country"], "", range(first, first + asked["years"]))
    add_holidays(
        acting_user=users["manager"],
        organization=organization,
        version=organization.version,
        # A holiday at the weekend takes nobody a working day.
        days=[one for one in days if one.day.weekday() in organization.working_days],
    )
    organization.refresh_from_db()
    return organization


def _people(
    script: Script, story: Mapping[str, Any], project: Project, users: Mapping[str, User], start: date
) -> dict[str, Party]:
    """Let people and groups come in their weeks. The mapping that is returned fills while the script is played."""
    manager = users["manager"]
    parties = {"manager": Party.objects.get(project=project, user=manager)}

    def come(entry: Mapping[str, Any]) -> None:
        ahead = entry.get("until_weeks_ahead")
        user = users[entry["key"]]
        grant_role(
            acting_user=manager,
            project=project,
            user=user,
            role=entry["role"],
            valid_until=clock.today() + timedelta(weeks=ahead) if ahead else None,
        )
        party = Party.objects.filter(project=project, user=user).first()
        if party is not None:
            parties[entry["key"]] = change_party(
                acting_user=manager,
                project=project,
                party=party,
                version=party.version,
                name=party.name,
                function=entry["function"],
                email=party.email,
                is_active=True,
                members=[],
            )

    def leave(user: User) -> None:
        membership = project.memberships.get(user=user)
        end_role(acting_user=manager, project=project, membership_id=membership.pk)

    def gather(entry: Mapping[str, Any]) -> None:
        parties[entry["key"]] = create_party(
            acting_user=manager,
            project=project,
            name=entry["name"],
            kind=PartyKind.GROUP,
            members=[parties[key] for key in entry["members"]],
        )

    for entry in [*story["accounts"], *story["people"]]:
        if "role" in entry and entry["role"] != ProjectRole.MANAGER:
            script.add(in_week(start, entry.get("from_week", 0), 1, 8), come, entry)
        if "until_week" in entry:
            script.add(in_week(start, entry["until_week"], 4, 16), leave, users[entry["key"]])
    for entry in story["groups"]:
        script.add(in_week(start, 2), gather, entry)
    return parties


def _work(
    script: Script,
    story: Mapping[str, Any],
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Everything that is not about people."""
    manager = users["manager"]
    rows = rows_of(project)
    by_key = {(row.ref, row.phase): row for row in rows}

    def map_roles(week: int) -> None:
        entries = {
            (entry["role"], entry.get("component", "")): parties[entry["party"]]
            for entry in story["role_map"]
            if entry["week"] == week
        }
        set_role_map(acting_user=manager, project=project, entries=entries)

    for week in sorted({entry["week"] for entry in story["role_map"]}):
        script.add(in_week(start, week, 1), map_roles, week)
    closing = story["phase_1_closed_in_week"]
    phase = {"acting_user": manager, "project": project}
    script.add(in_week(start, 10, 0, 6), close_phase, **phase, number=0, reason=story["phase_0_closed_why"])
    script.add(in_week(start, 10, 0, 7), start_phase, **phase, number=1)
    script.add(in_week(start, story["phase_1_review_in_week"], 0, 9), review_phase, **phase, number=1)
    script.add(in_week(start, closing, 0, 15), close_phase, **phase, number=1, reason=story["phase_1_closed_why"])
    script.add(in_week(start, closing, 1, 7), start_phase, **phase, number=2)
    script.add(in_week(start, closing + 2, 1, 10), plan_in_depth, manager, project, story, parties)
    started = {1: in_week(start, 10, 0, 8), 2: in_week(start, closing, 1, 8)}
    for entry in story["baselines"]:
        script.add(started[entry["phase"]], take_baseline, **phase, name=entry["name"], note=entry["note"])
    for entry in story["late"]:
        row = by_key[entry["ref"], entry["phase"]]
        script.add(
            in_week(start, closing, 2), _move_due, manager, project, row, today - timedelta(days=entry["days_late"])
        )
    for entry in story["not_applicable"]:
        row = by_key[entry["ref"], entry["phase"]]
        script.add(
            in_week(start, entry["week"], 2, 11), _set_status, manager, project, row, "not applicable", entry["text"]
        )
    for entry in story["comments"]:
        script.add(
            at_work_ago(today, entry["days_ago"], entry["ref"]),
            _comment,
            users[entry["who"]],
            project,
            entry["ref"],
            entry["text"],
            asked=users[entry["asks"]] if "asks" in entry else None,
            answers=entry.get("answers", False),
        )
    verifiers = [users["manager"], users["elin"], users["committee"]]
    for act in plan_acts(rows, story=story, start=start, today=today):
        script.add(act.at, _act_on_row, act, project, manager, verifiers)


def at_work_ago(today: date, days: int, salt: str) -> datetime:
    """A minute of the working day `days` before `today`, the same for the same `salt`."""
    return at_work(today - timedelta(days=days), random.Random(salt))  # noqa: S311 (a story, not a secret)


def _current(row: BoardRow) -> PhaseActivity:
    return PhaseActivity.objects.select_related("accountable__user").get(pk=row.pk)


def _comment(who: User, project: Project, ref: str, text: str, *, asked: User | None, answers: bool) -> None:
    if answers:
        question = open_questions_in(project).filter(key=ref).latest("at")
        answer_question(acting_user=who, project=project, question_id=question.pk, version=question.version, body=text)
        return
    asked_id = asked.pk if asked is not None else None
    add_comment(acting_user=who, project=project, kind="activity", key=ref, body=text, asked_id=asked_id)


def _move_due(manager: User, project: Project, row: BoardRow, due: date) -> None:
    current = _current(row)
    set_due(acting_user=manager, project=project, targets=[Target(row.pk, current.version)], due=due)


def _set_status(user: User, project: Project, row: BoardRow, status: str, text: str = "") -> None:
    current = _current(row)
    change_status(
        acting_user=user, project=project, targets=[Target(row.pk, current.version)], status=status, text=text
    )


_NEXT = {"start": "in progress", "finish": "done", "verify": "verified", "block": "blocked"}


def _act_on_row(act: Act, project: Project, manager: User, verifiers: list[User]) -> None:
    """Let the right person take the step, if the row is where the step begins."""
    current = _current(act.row)
    begins = {"start": "not started", "finish": "in progress", "block": "in progress", "verify": "done"}[act.verb]
    if current.status != begins:
        return
    owner = current.accountable.user if current.accountable is not None else None
    who = owner if owner is not None and _may_report(project, owner) else manager
    if act.verb == "verify":
        who = next(user for user in verifiers if user.pk != current.done_by_id)
    change_status(
        acting_user=who,
        project=project,
        targets=[Target(current.pk, current.version)],
        status=_NEXT[act.verb],
        text=act.text,
    )


def _may_report(project: Project, user: User) -> bool:
    return any(membership.is_current for membership in project.memberships.filter(user=user))


def _second_client(story: Mapping[str, Any], today: date) -> None:
    client = story["second_client"]
    admin = User.objects.get(email=f"admin@{DOMAIN}")
    first = today - timedelta(weeks=max(entry["weeks_ago"] for entry in client["projects"]), days=7)
    with clock.moved_to(_morning(first)):
        outsider = User.objects.create_user(f"outsider@{DOMAIN}", PASSWORD, name=client["outsider"]["name"])
        organization = create_organization(acting_user=admin, name=client["organization"], owner=admin)
        set_organization_role(
            acting_user=admin, organization=organization, user=outsider, role=OrganizationRole.CONSULTANT
        )
    for entry in client["projects"]:
        start = today - timedelta(weeks=entry["weeks_ago"], days=today.weekday())
        with clock.moved_to(_morning(start)):
            project = start_project(
                acting_user=outsider,
                organization=organization,
                plan=ProjectPlan(
                    name=entry["name"],
                    start=start,
                    scope_statement=entry["scope"],
                    time_zone="Europe/Oslo",
                    supplement_declined=entry.get("supplement_declined", ""),
                ),
            )
            party = Party.objects.get(project=project, user=outsider)
            set_role_map(
                acting_user=outsider,
                project=project,
                entries={("Project (or team member)", ""): party, ("Top management", ""): party},
            )
        for row in rows_of(project, 0)[: entry["weeks_ago"] // 2]:
            assert row.due is not None  # noqa: S101 (every row of a new plan has a date)
            with clock.moved_to(min(_morning(row.due), clock.now())):
                _set_status(outsider, project, row, "in progress")
                _set_status(outsider, project, row, "done")
