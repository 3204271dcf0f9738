"""Activities of the plan's own: made with refs that no catalogue can have, and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.models import Event
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from phases.choices import Nature
from phases.domain.replay import ROW_KIND
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.clauses import clause_order, clause_titles
from phases.selectors.tailoring import ACTIVITY_KIND, ADD_OWN, CHANGE_OWN, CREATE_OWN
from phases.services.reasons import check_reason
from phases.services.rows import key_of
from phases.services.tailoring.places import added_facts, free_place, phases_of, place_rows
from phases.services.telling import tell_new_rows
from projects.choices import Edition
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 20_000
EFFORTS = ("small", "medium", "large")
OWN = ".own-"
# Within this time the same, said again by the same person, is a form that was sent twice.
SENT_TWICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OwnActivity:
    """What somebody says of an activity of their own. The first role answers for it; clauses are of the edition."""

    title: str
    component: str
    nature: str
    roles: Sequence[str]
    clauses: Sequence[str] = ()
    is_key: bool = False
    description: str = ""
    effort: str = "medium"


def known_roles(texts: CatalogueTexts) -> list[str]:
    """The roles that the catalogue of a plan names, by name."""
    return sorted({role for row in texts.activities.values() for role in row.roles})


def own_components(texts: CatalogueTexts) -> list[str]:
    """The components that can have own activities: those of the main catalogue, so that the supplement stays apart."""
    apart = texts.supplement.components if texts.supplement is not None else {}
    return [code for code in texts.components if code not in apart]


def _checked(project: Project, texts: CatalogueTexts, said: OwnActivity) -> dict[str, Any]:
    """The fields of the activity. Raises RuleBroken at the field that is wrong."""
    title = clean_line(said.title)
    if sum(letter.isalnum() for letter in title) < 2:
        raise RuleBroken(_("Give the activity a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise RuleBroken(_("A title has %(most)d characters at most.") % {"most": LONGEST_TITLE}, field="title")
    if said.nature not in Nature.values:
        raise RuleBroken(_("Choose what kind of work it is."), field="nature")
    if said.effort not in EFFORTS:
        raise RuleBroken(_("Choose small, medium or large."), field="effort")
    roles = list(dict.fromkeys(said.roles))
    if not roles or not set(roles) <= set(known_roles(texts)):
        raise RuleBroken(_("Choose roles of the catalogue; the first answers for it."), field="roles")
    clauses = sorted(set(said.clauses), key=clause_order)
    unknown = [number for number in clauses if number not in clause_titles().get(project.edition, {})]
    if unknown:
        raise RuleBroken(
            _("ISO/IEC 20000-1:%(edition)s has no clause %(number)s.")
            % {"edition": project.edition, "number": unknown[0]},
            field="clauses",
        )
    description = clean_text(said.description)
    if len(description) > LONGEST_DESCRIPTION:
        raise RuleBroken(_("A description has 20,000 characters at most."), field="description")
    served = "clauses_2018" if project.edition == Edition.E2018 else "clauses_2011"
    return {
        "title": title,
        "nature": said.nature,
        "is_key": said.is_key,
        "description": description,
        "roles": roles,
        served: clauses,
        "effort": said.effort,
    }


def next_number(project: Project, prefix: str) -> int:
    """The next number behind `prefix` that was never given: one that was taken out keeps its name in the trail."""
    given = [
        *ProjectActivity.objects.filter(project=project, ref__startswith=prefix).values_list("ref", flat=True),
        *Event.objects.filter(stream_id=project.uuid, kind=ACTIVITY_KIND, key__startswith=prefix).values_list(
            "key", flat=True
        ),
    ]
    numbers = [int(ref[len(prefix) :]) for ref in given if ref[len(prefix) :].isdigit()]
    return max(numbers, default=0) + 1


@transaction.atomic
def add_own(
    *,
    acting_user: User | None,
    project: Project,
    said: OwnActivity,
    phases: Sequence[int],
    reason: str,
    once: bool = False,
) -> ProjectActivity:
    """Make an activity of the plan's own in `phases`; its rows are dated and given out like the catalogue's.

    Its ref is that of the component with ".own-" and a number that was never given. One event for the activity, one
    for each row. With `once`, the same from the same person within a minute gives what was made of it the first time.
    Raises RuleBroken at the field that is wrong.
    """
    require_capability(acting_user, "phases.tailor", project)
    texts = texts_for(project)
    if said.component not in own_components(texts):
        raise RuleBroken(_("Choose a component of the catalogue."), field="component")
    fields = _checked(project, texts, said)
    wanted = sorted(set(phases))
    if not wanted:
        raise RuleBroken(_("Choose at least one phase."), field="phases")
    why = check_reason(reason, field="reason")
    said_of = {"component": said.component, **{name: value for name, value in fields.items() if value}}
    if once and (made := _just_made(acting_user, project, said_of, wanted, why)) is not None:
        return made
    prefix = f"{said.component}{OWN}"
    activity = ProjectActivity.objects.create(
        project=project,
        ref=f"{prefix}{next_number(project, prefix)}",
        component=said.component,
        position=max((row.position for row in texts.of_component(said.component)), default=0),
        **fields,
    )
    known = phases_of(project)
    for number in wanted:
        free_place(activity, known, number, field="phases")
    text = effective_text(texts, activity)
    rows = place_rows(project, [(activity, text, number) for number in wanted], known, why)
    tell_new_rows(project, acting_user, rows)
    drafts = [
        Draft(CREATE_OWN, ACTIVITY_KIND, activity.ref, activity.title, said_of, why),
        *(Draft(ADD_OWN, "phase activity", key_of(row), "", added_facts(row), why) for row in rows),
    ]
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return activity


def _just_made(
    acting_user: User | None, project: Project, said_of: Mapping[str, Any], phases: Sequence[int], why: str
) -> ProjectActivity | None:
    """The activity that `acting_user` made in the last minute with the same words for the same phases, if it is there.

    Judged by what the trail says it was made with: it may have been changed or moved since.
    """
    found = Event.objects.filter(
        stream_id=project.uuid,
        actor_id=acting_user.pk if acting_user is not None else None,
        kind__in=(ACTIVITY_KIND, ROW_KIND),
        action__in=(CREATE_OWN, ADD_OWN),
        at__gt=clock.now() - SENT_TWICE,
    )
    acts = list(found.order_by("seq"))
    keys = [act.key for act in acts if act.action == ADD_OWN]
    for act in reversed(acts):
        content = act.content
        same = (content.get("changes"), content.get("reason")) == (said_of, why)
        places = [f"{act.key}@{number}" for number in phases]
        if act.action == CREATE_OWN and same and [key for key in keys if key.rpartition("@")[0] == act.key] == places:
            return ProjectActivity.objects.filter(project=project, ref=act.key).first()
    return None


@transaction.atomic
def change_own(
    *, acting_user: User | None, project: Project, activity: ProjectActivity, version: int, said: OwnActivity
) -> ProjectActivity:
    """Change what an own activity says; its component stays, for its ref names it. Its rows stay where they are.

    Raises RuleBroken at the field that is wrong and for an activity of the catalogue, StaleWrite for a stale one.
    """
    require_capability(acting_user, "phases.tailor", project)
    if activity.project_id != project.pk:
        raise ProjectActivity.DoesNotExist
    if activity.catalogue_activity_id is not None or activity.part_of_id is not None:
        raise RuleBroken(_("%(ref)s has its text from the catalogue; it cannot be changed.") % {"ref": activity.ref})
    fields = _checked(project, texts_for(project), said)
    names = {"is_key": "key", "clauses_2018": "clauses", "clauses_2011": "clauses"}
    changes = {
        names.get(name, name): [getattr(activity, name), value]
        for name, value in fields.items()
        if getattr(activity, name) != value
    }
    shown = {_("Title"): activity.title, _("Description"): activity.description}
    sent = {_("Title"): fields["title"], _("Description"): fields["description"]}
    write_versioned(activity, version=version, values=fields, shown=shown, sent=sent)
    if changes:
        draft = Draft(CHANGE_OWN, ACTIVITY_KIND, activity.ref, activity.title, changes)
        record_events(stream_id=project.uuid, acting_user=acting_user, drafts=[draft])
    return activity


def rows_of_activity(activity: ProjectActivity) -> list[PhaseActivity]:
    """The rows of an activity by phase. One query."""
    rows = list(PhaseActivity.objects.filter(activity=activity).order_by("phase_number"))
    for row in rows:
        row.activity = activity
    return rows
