"""Competences: taking over our model, what roles need, and judging what people can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from documents.models import Competence, CompetenceHeld, CompetenceNeed
from documents.registers_library import model_competences
from documents.selectors import is_very_small
from documents.services.rows import checked_text
from evidence.selectors import seen_by as evidence_seen_by
from projects.choices import PartyKind
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned

MOST_COMPETENCES = 80
LEVELS = (1, 2, 3, 4)
#: What stands in addresses where a key could.
TAKEN_KEYS = {"new", "take", "export"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level of a person, how it was judged, what closes a gap, and the record of it by key ("" for none)."""

    level: int
    how: str
    judged_on: date | None = None
    plan: str = ""
    evidence: str = ""


@transaction.atomic
def take_competences(*, acting_user: User | None, project: Project) -> int:
    """Take over the competences of our model and what roles need, where the project has none of that key yet.

    One trail event, or none for none. Raises NotPermitted.
    """
    require_capability(acting_user, "documents.publish", project)
    model = model_competences()
    there = set(Competence.objects.filter(project=project).values_list("key", flat=True))
    wanted = [(place, each) for place, each in enumerate(model.competences) if each.key not in there]
    made = Competence.objects.bulk_create(
        [
            Competence(project=project, key=each.key, name=each.name, levels=dict(each.levels), position=place)
            for place, each in wanted
        ]
    )
    by_key = {each.key: each for each in made}
    CompetenceNeed.objects.bulk_create(
        [
            CompetenceNeed(project=project, competence=by_key[key], role=role, level=level)
            for role, needs in model.needs.items()
            for key, level in needs.items()
            if key in by_key
        ]
    )
    if wanted:
        _tell(acting_user, project, "adopt", "register", "Competences", {"lines": [None, len(wanted)]})
    return len(wanted)


@transaction.atomic
def add_competence(*, acting_user: User | None, project: Project, name: str, level_3: str = "") -> Competence:
    """Add a competence of the project's own; `level_3` says what doing it alone looks like. One trail event.

    Raises NotPermitted, RuleBroken for no name, one that is there, or too many.
    """
    require_capability(acting_user, "documents.publish", project)
    said = checked_text(name, "name", 120, _("Say what people must be able to do."))
    looks = checked_text(level_3, "level_3", 300)
    there = list(Competence.objects.filter(project=project))
    if len(there) >= MOST_COMPETENCES:
        raise RuleBroken(_("There are %(most)d already: more nobody keeps up.") % {"most": MOST_COMPETENCES})
    if any(each.name.casefold() == said.casefold() for each in there):
        raise RuleBroken(_("There is one of this name."), field="name")
    keys = {each.key for each in there} | TAKEN_KEYS
    base = slugify(said)[:50] or "competence"
    key = next(each for each in (base, *(f"{base}-{n}" for n in range(2, len(keys) + 3))) if each not in keys)
    row = Competence.objects.create(
        project=project,
        key=key,
        name=said,
        levels={"3": looks} if looks else {},
        position=max((each.position for each in there), default=0) + 1,
    )
    _tell(acting_user, project, "add", row.key, row.name, {"name": [None, said]})
    return row


@transaction.atomic
def set_need(
    *, acting_user: User | None, project: Project, key: str, role: str, level: int, seen: int
) -> CompetenceNeed | None:
    """Set the level that a role needs of a competence; 0 takes the need away. One trail event, or none.

    `seen` is the level that the person saw. Raises NotPermitted, StaleWrite, RuleBroken, Competence.DoesNotExist.
    """
    require_capability(acting_user, "documents.publish", project)
    competence = Competence.objects.get(project=project, key=key)
    name = checked_text(role, "role", 60, _("Name the role."))
    if level not in (0, *LEVELS):
        raise RuleBroken(_("Choose a level from 0 to 4."), field="level")
    row = CompetenceNeed.objects.filter(project=project, competence=competence, role=name).first()
    before = row.level if row is not None else 0
    if before != seen:
        raise StaleWrite(
            _("Somebody set this level meanwhile. Nothing of yours was saved."),
            current={_("Level"): str(before)},
            sent={_("Level"): str(level)},
        )
    if before == level:
        return row
    kept: CompetenceNeed | None = None
    if row is None:
        kept = CompetenceNeed.objects.create(project=project, competence=competence, role=name, level=level)
    elif not level:
        row.delete()
    else:
        write_versioned(row, version=row.version, values={"level": level}, shown={}, sent={})
        kept = row
    _tell(
        acting_user,
        project,
        "need",
        competence.key,
        competence.name,
        {"role": [None, name], "level": [before, level]},
    )
    return kept


@transaction.atomic
def judge(
    *, acting_user: User, project: Project, key: str, party: Party, judgement: Judgement, seen: int
) -> CompetenceHeld:
    """Note the level that a person has. One trail event.

    Somebody else judges it: who approves documents may judge, and nobody their own level, except in a very small
    entity. `seen` is the version of what stood there (0: nothing did). Raises NotPermitted, StaleWrite, RuleBroken for
    one's own level, a group, a level out of range, no word on how, or a day ahead; Competence.DoesNotExist.
    """
    require_capability(acting_user, "documents.approve", project)
    if party.project_id != project.pk:
        raise Party.DoesNotExist
    competence = Competence.objects.get(project=project, key=key)
    if party.kind == PartyKind.GROUP:
        raise RuleBroken(_("A group can do what its people can: judge them one by one."))
    if party.user_id == acting_user.pk and not is_very_small(project):
        raise RuleBroken(_("Nobody judges their own level. Ask somebody who sees you at work."))
    values = _checked(acting_user, project, judgement)
    row = CompetenceHeld.objects.filter(project=project, competence=competence, party=party).first()
    if (row.version if row is not None else 0) != seen:
        raise StaleWrite(
            _("Somebody judged this meanwhile. Nothing of yours was saved."),
            current={_("Level"): str(row.level) if row else "", _("How it was judged"): row.how if row else ""},
            sent={_("Level"): str(judgement.level), _("How it was judged"): judgement.how},
        )
    before = row.level if row is not None else None
    if row is None:
        row = CompetenceHeld.objects.create(project=project, competence=competence, party=party, **values)
    else:
        write_versioned(row, version=row.version, values=values, shown={}, sent={})
    changes = {"person": [None, party.name], "level": [before, judgement.level], "how": [None, values["how"]]}
    _tell(acting_user, project, "judge", competence.key, competence.name, changes)
    return row


def _checked(acting_user: User, project: Project, judgement: Judgement) -> dict[str, object]:
    today = clock.today(project.time_zone)
    if judgement.level not in (0, *LEVELS):
        raise RuleBroken(_("Choose a level from 0 to 4."), field="level")
    day = judgement.judged_on or today
    if day > today:
        raise RuleBroken(_("This day lies ahead."), field="judged_on")
    item = None
    wanted = judgement.evidence.strip().upper()
    if wanted:
        item = evidence_seen_by(project, access_to(project, acting_user)).filter(key=wanted).first()
        if item is None:
            raise RuleBroken(_("There is no evidence %(key)s.") % {"key": wanted[:20]}, field="evidence")
    return {
        "level": judgement.level,
        "how": checked_text(
            judgement.how, "how", 300, _("Say how you know: work you watched, records you read, a test.")
        ),
        "plan": checked_text(judgement.plan, "plan", 300),
        "evidence": item,
        "judged_on": day,
        "judged_by": acting_user,
    }


def _tell(
    acting_user: User | None, project: Project, action: str, key: str, label: str, changes: Mapping[str, object]
) -> None:
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "competence", key, label, changes),
    )
