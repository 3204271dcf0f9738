"""What a project asks of evidence: whether verifying needs some, and how long what no longer counts is kept."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from evidence.choices import EvidenceKind, ProofNeeded
from evidence.models import EvidenceRules
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

MOST_MONTHS = 600
_WORDS = {"proof_needed": "proof needed", **{f"keep_{kind}": f"months for a {kind}" for kind in EvidenceKind.values}}


@transaction.atomic
def set_rules(
    *, acting_user: User | None, project: Project, version: int, proof_needed: str, keep_months: Mapping[str, int]
) -> EvidenceRules:
    """Set whether verifying needs evidence, and for how many months each kind is kept once it no longer counts.

    A kind that `keep_months` lacks is kept for the usual time. One trail event, or none where nothing changed. Raises
    NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "evidence.manage", project)
    rules, _made = EvidenceRules.objects.get_or_create(project=project)
    if proof_needed not in ProofNeeded.values:
        raise RuleBroken(_("Choose one of the list."), field="proof_needed")
    for kind, months in keep_months.items():
        if kind not in EvidenceKind.values or not 0 <= months <= MOST_MONTHS:
            raise RuleBroken(_("Give months from 0 to %(most)d.") % {"most": MOST_MONTHS}, field=f"keep_{kind}")
    before = _values(rules)
    after = _values(EvidenceRules(proof_needed=proof_needed, keep_months=keep_months))
    changes = {_WORDS[name]: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes and rules.version == version:
        return rules
    write_versioned(
        rules,
        version=version,
        values={"proof_needed": proof_needed, "keep_months": dict(keep_months)},
        shown={name: pair[0] for name, pair in changes.items()},
        sent={name: pair[1] for name, pair in changes.items()},
    )
    if changes:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("change", "evidence rules", "rules", "", changes),
        )
    return rules


def _values(rules: EvidenceRules) -> dict[str, object]:
    return {
        "proof_needed": str(rules.proof_needed),
        **{f"keep_{kind}": rules.months(kind) for kind in EvidenceKind.values},
    }


def rule_words(kind: str, months: int) -> str:
    """The rule by which an item of `kind` goes, as the record of disposals keeps it."""
    if not months:
        return _("%(kind)s: as soon as it no longer counts") % {"kind": EvidenceKind(kind).label}
    return ngettext(
        "%(kind)s: %(months)d month after it no longer counts",
        "%(kind)s: %(months)d months after it no longer counts",
        months,
    ) % {"kind": EvidenceKind(kind).label, "months": months}
