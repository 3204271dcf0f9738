"""Outcomes of phases on My work: those that wait for the word of who answers for the process."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from accounts.models import User
from governance.choices import Attested
from governance.models import OutcomeReport
from governance.selectors.outcomes import COMPONENTS, PHASES, Wanted, wanted_in
from phases.choices import PhaseState, Status
from phases.models import Phase, PhaseActivity
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.registries import SeenProject, WorkPanel, register_work_panel


@dataclass(frozen=True, slots=True)
class AskedLine:
    """The outcomes of one phase that wait for the reader."""

    project: Project
    phase: int
    wanted: tuple[Wanted, ...]


def asked_of(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """The outcomes of phases in review where `user` answers for an activity and nobody said that they are reached.

    None where there is none. Two queries at most.
    """
    may = [pk for pk, seen in projects.items() if seen.access.can("outcomes.attest")]
    in_review = Phase.objects.filter(
        project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.IN_REVIEW
    )
    own: dict[tuple[int, int], set[str]] = defaultdict(set)
    rows = (
        PhaseActivity.objects.filter(Exists(in_review), project__in=may, phase_number__in=PHASES)
        .filter(Q(accountable__user=user) | Q(accountable__group_members__person__user=user))
        .exclude(status=Status.NOT_APPLICABLE)
        .values_list("project_id", "phase_number", "activity__component")
        .distinct()
    )
    for project, phase, component in rows:
        own[project, phase].add(component)
    if not own:
        return None
    reached = set(
        OutcomeReport.objects.filter(
            project__in={project for project, _phase in own}, edition=COMPONENTS, attested=Attested.REACHED
        ).values_list("project_id", "phase_number", "key")
    )
    lines = []
    for (pk, phase), components in sorted(own.items()):
        stated = wanted_in(texts_for(projects[pk].project), phase, COMPONENTS)
        wanted = tuple(each for each in stated if each.key in components and (pk, phase, each.key) not in reached)
        if wanted:
            lines.append(AskedLine(projects[pk].project, phase, wanted))
    if not lines:
        return None
    waits = sum(len(line.wanted) for line in lines)
    return {
        "lines": lines,
        "named": len(projects) > 1,
        "waits": waits,
        "waits_word": ngettext("outcome to attest", "outcomes to attest", waits),
    }


def register() -> None:
    """Put them on My work."""
    register_work_panel("outcomes", WorkPanel("governance/_outcomes_work.html", asked_of), order=49)
