"""A finding that an auditor raises at a point of a checklist."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState, CheckResult, FindingSource
from audits.models import AuditFinding, CheckItem, Sample
from audits.services.audits import own_audit, require_auditor
from audits.services.checklists import save_point
from audits.services.findings import FindingFacts, raise_finding
from common.exceptions import RuleBroken
from projects.models import Project
from projects.services.guards import require_capability


@transaction.atomic
def raise_at_point(
    *, acting_user: User | None, project: Project, ref: str, point: int, version: int, facts: FindingFacts
) -> AuditFinding:
    """Put a finding of an audit on the register, and mark the point where it was seen.

    Its clause, edition and source are those of the point; what was looked at there goes along as proof. The point keeps
    its notes, or takes the words of the finding where it has none. Raises NotPermitted, RuleBroken, StaleWrite,
    CheckItem.DoesNotExist.
    """
    require_capability(acting_user, "audits.conduct", project)
    audit = own_audit(project, ref)
    require_auditor(audit, acting_user)
    if audit.state != AuditState.UNDERWAY:
        raise RuleBroken(_("Findings are raised while the audit is under way."))
    item = CheckItem.objects.get(audit=audit, pk=point)
    seen = Sample.objects.filter(check_item=item, evidence__isnull=False).values_list("evidence__key", flat=True)
    save_point(
        acting_user=acting_user,
        project=project,
        ref=ref,
        point=point,
        version=version,
        result=CheckResult.FINDING,
        notes=item.notes or facts.found,
    )
    return raise_finding(
        acting_user=acting_user,
        project=project,
        facts=replace(
            facts,
            source=FindingSource.INTERNAL,
            clauses=facts.clauses or (item.clause,),
            edition=audit.edition,
            items=facts.items or tuple(dict.fromkeys(seen)),
        ),
        audit=audit,
        check_item=item,
    )
