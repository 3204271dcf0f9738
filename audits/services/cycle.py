"""What comes round in operation: taken over from the content, changed, done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.certification_guide import cycle
from audits.certification_permissions import may_do_entry
from audits.choices import CyclePart
from audits.domain.certifying import next_round, plus_months
from audits.models import CycleEntry, CycleRound
from audits.selectors.certification import end_of_phase_3
from audits.services.certification_checks import any_day, day_gone, owner_in, proof_of
from audits.services.certification_telling import differences, tell
from audittrail.services import Draft
from common import clock
from common.exceptions import RuleBroken
from governance.services.texts import line, lines
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import lock_project, require, require_capability, write_versioned

KIND = "cycle entry"
MOST_MONTHS = 60
MOST_CLAUSES = 12


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """Something that comes round: how often, when next, who sees to it, and which clauses it serves."""

    title: str
    part: str
    months: int
    next_on: date | None
    owner: Party | None = None
    clauses: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def seed_cycle(*, acting_user: User | None, project: Project) -> int:
    """Take over what practice lets come round, from the end of phase 3 on, or from today; what is there stays.

    Returns how many entries are new. One trail event, or none. Raises NotPermitted.
    """
    require_capability(acting_user, "services.change", project)
    begins = end_of_phase_3(project) or clock.today(project.time_zone)
    there = set(CycleEntry.objects.filter(project=project).exclude(key="").values_list("key", flat=True))
    new = [
        CycleEntry(
            project=project,
            key=each.key,
            part=each.part,
            title=each.title,
            clauses=list(each.clauses(project.edition)),
            months=each.months,
            next_on=plus_months(begins, each.first),
        )
        for each in cycle().values()
        if each.key not in there
    ]
    if new:
        CycleEntry.objects.bulk_create(new)
        tell(acting_user, project, Draft("seed", KIND, "cycle", "", {"entries": [None, len(new)]}))
    return len(new)


@transaction.atomic
def add_entry(*, acting_user: User | None, project: Project, facts: EntryFacts) -> CycleEntry:
    """Let something of one's own come round. One trail event. Raises NotPermitted, RuleBroken."""
    require_capability(acting_user, "services.change", project)
    entry = CycleEntry.objects.create(project=project, **_checked(project, facts))
    tell(
        acting_user,
        project,
        Draft("add", KIND, str(entry.pk), entry.title, {"next": [None, entry.next_on.isoformat()]}),
    )
    return entry


@transaction.atomic
def change_entry(
    *, acting_user: User | None, entry: CycleEntry, version: int, facts: EntryFacts, is_active: bool = True
) -> CycleEntry:
    """Change what comes round, or let it rest. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken.
    """
    fresh = _own(entry)
    require_capability(acting_user, "services.change", fresh.project)
    values = {**_checked(fresh.project, facts), "is_active": is_active}
    changes = differences(fresh, values)
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={_("What"): fresh.title, _("Next"): fresh.next_on, _("Owner"): fresh.owner or ""},
        sent={_("What"): values["title"], _("Next"): values["next_on"], _("Owner"): values["owner"] or ""},
    )
    action = "change" if "is_active" not in changes else "take up" if is_active else "rest"
    tell(acting_user, fresh.project, Draft(action, KIND, str(fresh.pk), fresh.title, dict(changes)))
    return fresh


@transaction.atomic
def do_entry(
    *,
    acting_user: User | None,
    entry: CycleEntry,
    version: int,
    note: str,
    done_on: date | None = None,
    evidence: str = "",
) -> CycleRound:
    """Say that it was done, when (today) and how; it comes again in its rhythm. One trail event.

    Its owner may, and who keeps what comes round. Raises NotPermitted, StaleWrite, RuleBroken without a note, for a
    day to come, for one that rests.
    """
    fresh = _own(entry)
    project = fresh.project
    require(may_do_entry(fresh, access_to(project, acting_user)))
    if not fresh.is_active:
        raise RuleBroken(_("It rests. Take it up again first."))
    said = lines(note, "note", 2000, needed=_("Say what was done and what came of it."))
    day = day_gone(done_on, "done_on", project)
    item = proof_of(acting_user, project, evidence, "evidence")
    was_due = fresh.next_on
    write_versioned(
        fresh,
        version=version,
        values={"next_on": next_round(was_due, fresh.months, day)},
        shown={_("Next"): was_due},
        sent={_("Done on"): day},
    )
    round_ = CycleRound.objects.create(
        project=project,
        entry=fresh,
        was_due=was_due,
        done_on=day,
        note=said,
        evidence=item,
        done_by=acting_user,
        done_at=clock.now(),
    )
    changes: dict[str, object] = {
        "done on": [None, day.isoformat()],
        "next": [was_due.isoformat(), fresh.next_on.isoformat()],
    }
    if item is not None:
        changes["item"] = [None, item.key]
    tell(acting_user, project, Draft("do", KIND, str(fresh.pk), fresh.title, changes))
    return round_


def checked_clauses(edition: str, clauses: Sequence[str]) -> list[str]:
    """Clauses of an edition, each once, in order. Raises RuleBroken for one that is not there."""
    known = clause_titles()[edition]
    wanted = [each for each in dict.fromkeys(clause.strip() for clause in clauses) if each]
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise RuleBroken(
            _("The edition has no clause %(names)s.") % {"names": ", ".join(unknown[:3])[:60]}, field="clauses"
        )
    if len(wanted) > MOST_CLAUSES:
        raise RuleBroken(_("Name at most %(n)d clauses.") % {"n": MOST_CLAUSES}, field="clauses")
    return sorted(wanted, key=clause_order)


def _own(entry: CycleEntry) -> CycleEntry:
    """The entry as it stands now, its project locked for the rest of the transaction."""
    project = entry.project
    lock_project(project)
    fresh = CycleEntry.objects.select_related("owner").get(pk=entry.pk, project_id=project.pk)
    fresh.project = project
    return fresh


def _checked(project: Project, facts: EntryFacts) -> dict[str, object]:
    if facts.part not in CyclePart.values:
        raise RuleBroken(_("Choose a part of Plan-Do-Check-Act."), field="part")
    if not 1 <= facts.months <= MOST_MONTHS:
        raise RuleBroken(_("Give 1 to %(n)d months.") % {"n": MOST_MONTHS}, field="months")
    day = any_day(facts.next_on, "next_on")
    if day is None:
        raise RuleBroken(_("Say when it comes next."), field="next_on")
    return {
        "title": line(facts.title, "title", 160, needed=_("Say what is to be done.")),
        "part": facts.part,
        "months": facts.months,
        "next_on": day,
        "owner": owner_in(project, facts.owner),
        "clauses": checked_clauses(project.edition, facts.clauses),
    }
