"""Outcomes of a phase: attested by who answers for the process, confirmed by somebody else."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from governance.choices import Attested
from governance.lesson_permissions import can_attest
from governance.models import OutcomeReport
from governance.selectors.outcomes import EDITIONS, PHASES, OutcomeLine, has_begun, outcomes_of, owned_keys
from phases.models import PlanRules
from phases.permissions import own_party_ids
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import refuse_stale, require, require_capability, write_versioned

KIND = "outcome"
LONGEST = 2000


@transaction.atomic
def attest_outcome(
    *,
    acting_user: User | None,
    project: Project,
    phase: int,
    edition: str,
    key: str,
    version: int,
    attested: str,
    note: str = "",
) -> OutcomeReport:
    """Say whether an outcome of `phase` is reached. `version` 0: nobody said anything yet.

    Who answers for an activity of it may, and a manager. What was confirmed and is now said otherwise loses its
    confirmation. One trail event, or none where nothing changes. Raises NotPermitted, RuleBroken, StaleWrite,
    OutcomeReport.DoesNotExist for an outcome that the catalogue does not state.
    """
    require_capability(acting_user, "outcomes.attest", project)
    line, lines = _line(project, phase, edition, key)
    own = owned_keys(lines, own_party_ids(project, acting_user))
    require(can_attest(access_to(project, acting_user), own, key))
    if attested not in Attested.values:
        raise RuleBroken(_("Choose one of the list."), field="attested")
    said = clean_text(note)
    if len(said) > LONGEST:
        raise RuleBroken(_("Give %(most)d characters at most.") % {"most": LONGEST}, field="note")
    if attested == Attested.PARTLY and not said:
        raise RuleBroken(_("Say what is still missing."), field="note")
    if not has_begun(project, phase):
        raise RuleBroken(
            _("Phase %(number)d has not started. Its outcomes are attested from then on.") % {"number": phase}
        )
    report = line.report or OutcomeReport(
        project=project, phase_number=phase, edition=edition, key=key, attested=Attested.NOT_YET, version=0
    )
    before = Attested(report.attested)
    texts = {
        "shown": {_("What is said"): before.label, _("Note"): report.note},
        "sent": {_("What is said"): Attested(attested).label, _("Note"): said},
    }
    refuse_stale(report, version=version, **texts)
    if (attested, said) == (report.attested, report.note) and line.report is not None:
        return report
    was_confirmed = report.confirmed_at is not None
    values: dict[str, Any] = {
        "attested": attested,
        "note": said,
        "attested_by": acting_user,
        "attested_at": clock.now(),
        "confirmed_by": None,
        "confirmed_at": None,
        "confirm_note": "",
    }
    if line.report is None:
        report = OutcomeReport.objects.create(
            project=project, phase_number=phase, edition=edition, key=key, version=1, **values
        )
    else:
        write_versioned(report, version=version, values=values, **texts)
    changes: dict[str, Any] = {"attested": [before.value, attested], "note": [None, said]}
    if was_confirmed:
        changes["confirmed"] = [True, False]
    _record(acting_user, project, report, line, "attest", changes)
    return report


@transaction.atomic
def confirm_outcome(
    *,
    acting_user: User | None,
    project: Project,
    phase: int,
    edition: str,
    key: str,
    version: int,
    note: str = "",
) -> OutcomeReport:
    """Confirm that an outcome is reached, as somebody else than who attested it.

    In a very small entity the same person may, logged as such. Raises NotPermitted, RuleBroken, StaleWrite,
    OutcomeReport.DoesNotExist.
    """
    require_capability(acting_user, "outcomes.confirm", project)
    line, _lines = _line(project, phase, edition, key)
    report = line.report
    if report is None or report.attested != Attested.REACHED:
        raise RuleBroken(_("Only what is attested as reached can be confirmed."))
    if report.confirmed_at is not None:
        raise RuleBroken(_("%(who)s has confirmed it already.") % {"who": report.confirmed_by or _("The application")})
    is_own = acting_user is not None and report.attested_by_id == acting_user.pk
    if is_own and not PlanRules.objects.filter(project=project, very_small=True).exists():
        raise RuleBroken(_("You attested it, so somebody else confirms it."))
    said = clean_text(note)
    if len(said) > LONGEST:
        raise RuleBroken(_("Give %(most)d characters at most.") % {"most": LONGEST}, field="confirm_note")
    write_versioned(
        report,
        version=version,
        values={"confirmed_by": acting_user, "confirmed_at": clock.now(), "confirm_note": said},
        shown={_("What is said"): report.get_attested_display(), _("Note"): report.note},
        sent={_("What is said"): _("Confirmed"), _("Note"): said},
    )
    changes: dict[str, Any] = {"confirmed": [False, True], "note": [None, said]}
    if is_own:
        changes["own work"] = [None, True]
    _record(acting_user, project, report, line, "confirm", changes)
    return report


def _line(project: Project, phase: int, edition: str, key: str) -> tuple[OutcomeLine, list[OutcomeLine]]:
    if phase not in PHASES or edition not in EDITIONS:
        raise OutcomeReport.DoesNotExist
    lines = outcomes_of(project, phase, edition)
    for line in lines:
        if line.key == key:
            return line, lines
    raise OutcomeReport.DoesNotExist


def _record(
    acting_user: User | None,
    project: Project,
    report: OutcomeReport,
    line: OutcomeLine,
    action: str,
    changes: Mapping[str, Any],
) -> None:
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, KIND, f"{report.key}@{report.phase_number}", line.wanted.title, changes),
    )
