"""The supplement for ISO/IEC 20000-1:2018 in a running project: taken into its plan, or declined with a reason."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from phases.choices import PhaseState
from phases.domain.replay import REMOVED
from phases.models import (
    ActivityLink,
    Contributor,
    Package,
    Phase,
    PhaseActivity,
    ProjectActivity,
    RoleAssignment,
    RoleParticipant,
)
from phases.selectors.as_of import records_of
from phases.selectors.catalogue import SUPPLEMENT_PACK, CatalogueTexts, newest_catalogue, texts_for
from phases.selectors.dashboard import current_phase
from phases.selectors.supplement import held_refs
from phases.services.ground import ground_of
from phases.services.make_rows import Planned, make_rows
from phases.services.reasons import check_reason
from phases.services.telling import tell_new_rows
from projects.choices import Edition
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

SHOWN_REFS = 12


class SupplementHoldsWork(RuleBroken):
    """The supplement cannot be taken out: `refs` hold work."""

    def __init__(self, refs: Sequence[str]) -> None:
        self.refs = list(refs)
        listed = ", ".join(self.refs[:SHOWN_REFS]) + (" …" if len(self.refs) > SHOWN_REFS else "")
        super().__init__(
            _("Work has begun on %(refs)s. Leave single activities out as not applicable instead.") % {"refs": listed}
        )


@transaction.atomic
def add_supplement(*, acting_user: User | None, project: Project, version: int | None = None) -> list[PhaseActivity]:
    """Take the newest supplement into the plan of a running project; returns its phase activities.

    Rows come into the phases in which the supplement marks them, dated in what is left of each; what is marked only
    in phases that are closed comes into the current one. The role map gives them out at once. `version` is that of
    the project that a person saw (None: no person did). One trail event. Raises RuleBroken for an edition other than
    2018, a supplement that is in the plan already or not loaded, and a project whose phases are all closed;
    StaleWrite where the project has changed since.
    """
    require_capability(acting_user, "phases.tailor", project)
    project.refresh_from_db()
    if project.supplement_pack:
        raise RuleBroken(_("The supplement is part of this plan already."))
    if project.edition != Edition.E2018:
        raise RuleBroken(_("The supplement goes with the edition of 2018; this project works to 2011."))
    catalogue = newest_catalogue(SUPPLEMENT_PACK)
    if catalogue is None:
        raise RuleBroken(_("No supplement is loaded. Run manage.py load_content first."))
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    current = current_phase(phases)
    if current.state == PhaseState.CLOSED:
        raise RuleBroken(_("Every phase of this project is closed."))
    before, name = project.supplement_declined, f"{catalogue.pack} {catalogue.version}"
    write_versioned(
        project,
        version=project.version if version is None else version,
        values={
            "supplement_pack": catalogue.pack,
            "supplement_version": catalogue.version,
            "supplement_sha256": catalogue.sha256,
            "supplement_declined": "",
        },
        shown={_("Supplement"): before or _("not part of the plan")},
        sent={_("Supplement"): name},
    )
    texts = texts_for(project)
    rows = make_rows(
        project, _planned(texts, phases, current.number), texts, [catalogue], ground_of(project, phases, texts)
    )
    tell_new_rows(project, acting_user, rows)
    changes: dict[str, object] = {
        "supplement": len(rows),
        "supplement pack": [None, name],
        "supplement_sha256": [None, catalogue.sha256],
    }
    if before:
        changes["supplement declined"] = [before, None]
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("add supplement", "project", project.slug, project.name, changes),
    )
    return rows


def _planned(texts: CatalogueTexts, phases: Sequence[Phase], current: int) -> list[Planned]:
    """The supplement's activities, each in those of its phases that are open, or in the current one."""
    is_open = {phase.number for phase in phases if phase.state != PhaseState.CLOSED}
    rows = [row for row in texts.activities.values() if texts.is_supplement(row.ref) and not row.is_heading]
    return [Planned(row, tuple(n for n in row.phases if n in is_open) or (current,)) for row in rows]


@transaction.atomic
def decline_supplement(
    *, acting_user: User | None, project: Project, reason: str, version: int | None = None
) -> Project:
    """Leave the supplement out of the plan, or take it out while nobody has worked on it. One trail event.

    `version` as in `add_supplement`. Raises RuleBroken at `supplement_reason` for a reason without words, and for a
    project of another edition that has no supplement; SupplementHoldsWork (with the refs) where work has begun;
    StaleWrite where the project has changed since.
    """
    require_capability(acting_user, "phases.tailor", project)
    given = check_reason(reason)
    project.refresh_from_db()
    if not project.supplement_pack and project.edition != Edition.E2018:
        raise RuleBroken(_("The supplement goes with the edition of 2018; this project works to 2011."))
    refs = held_refs(project)
    if refs:
        raise SupplementHoldsWork(refs)
    texts = texts_for(project).supplement
    before, declined = f"{project.supplement_pack} {project.supplement_version}".strip(), project.supplement_declined
    write_versioned(
        project,
        version=project.version if version is None else version,
        values={
            "supplement_pack": "",
            "supplement_version": "",
            "supplement_sha256": "",
            "supplement_declined": given,
        },
        shown={_("Supplement"): before or declined or _("not part of the plan")},
        sent={_("Supplement"): given},
    )
    changes: dict[str, object] = {"supplement pack": [before or None, None]}
    if texts is not None:
        removed = _remove_rows(project)
        changes["phase activities removed"] = len(removed)
        changes[REMOVED] = removed
        changes["role map entries removed"] = _remove_entries(project, texts)
    if declined:
        changes["supplement declined"] = [declined, given]
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("decline supplement", "project", project.slug, project.name, changes, given),
    )
    return project


def _remove_rows(project: Project) -> list[dict[str, Any]]:
    """Take the supplement's rows out; returns them as they stood, for the views of past days."""
    rows = PhaseActivity.objects.filter(project=project, activity__is_supplement=True)
    names = {f"{ref}@{number}" for ref, number in rows.values_list("activity__ref", "phase_number")}
    records = records_of(project, names)
    Contributor.objects.filter(project=project, phase_activity__in=rows).delete()
    rows.delete()
    groups = ProjectActivity.objects.filter(project=project, is_supplement=True).values("component")
    Package.objects.filter(project=project, component__in=groups).delete()
    ActivityLink.objects.filter(project=project, before__is_supplement=True).delete()
    ActivityLink.objects.filter(project=project, after__is_supplement=True).delete()
    ProjectActivity.objects.filter(project=project, is_supplement=True).delete()
    return records


def _remove_entries(project: Project, texts: CatalogueTexts) -> list[str]:
    """Take what the role map says of the supplement's groups out of it: no page would show it any more."""
    entries = RoleAssignment.objects.filter(project=project, component__in=texts.components)
    said = [
        f"{role} / {component}: {party}"
        for role, component, party in entries.order_by("component", "role").values_list(
            "role", "component", "party__name"
        )
    ]
    entries.delete()
    RoleParticipant.objects.filter(project=project, component__in=texts.components).delete()
    return said
