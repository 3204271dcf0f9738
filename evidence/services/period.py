"""Setting the period under audit."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from evidence.models import EvidenceRules
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

LONGEST = timedelta(days=3660)


@transaction.atomic
def set_audit_period(*, acting_user: User | None, project: Project, version: int, begins: date | None) -> EvidenceRules:
    """Set the first day of the period under audit; None: nothing is too old. One trail event, or none.

    Raises NotPermitted, RuleBroken for a day that is no such day, StaleWrite.
    """
    require_capability(acting_user, "evidence.manage", project)
    today = clock.today(project.time_zone)
    if begins is not None and begins > today:
        raise RuleBroken(_("This day lies ahead: all evidence would be too old until then."), field="audit_from")
    if begins is not None and today - begins > LONGEST:
        raise RuleBroken(_("This is more than ten years ago."), field="audit_from")
    rules, _made = EvidenceRules.objects.get_or_create(project=project)
    before = rules.audit_from
    if before == begins and rules.version == version:
        return rules
    write_versioned(
        rules,
        version=version,
        values={"audit_from": begins},
        shown={_("Period under audit from"): str(before or "")},
        sent={_("Period under audit from"): str(begins or "")},
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("change", "evidence rules", "rules", "", {"period under audit from": [before, begins]}),
    )
    return rules
