"""Retention: what no longer counts is disposed of by a rule, on the record. A legal hold keeps it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line
from evidence import files, previews
from evidence.choices import EvidenceKind, ItemState, ProofNeeded
from evidence.models import Disposal, EvidenceItem, EvidenceRules, Revision
from evidence.services.items import own_item
from evidence.services.quota import give_back
from evidence.services.telling import tell_of
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

MONTH = timedelta(days=30)
MOST_MONTHS = 600


@transaction.atomic
def set_rules(
    *, acting_user: User | None, project: Project, version: int, proof_needed: str, keep_months: dict[str, int]
) -> EvidenceRules:
    """Set whether verifying needs evidence, and for how many months each kind is kept once it no longer counts.

    One trail event, or none. Raises NotPermitted, RuleBroken, StaleWrite.
    """
    require_capability(acting_user, "evidence.manage", project)
    rules = rules_of(project)
    if proof_needed not in ProofNeeded.values:
        raise RuleBroken(_("Choose one of the list."), field="proof_needed")
    for kind, months in keep_months.items():
        if kind not in EvidenceKind.values or not 0 <= months <= MOST_MONTHS:
            raise RuleBroken(_("Give months from 0 to %(most)d.") % {"most": MOST_MONTHS}, field=f"keep_{kind}")
    changes = {
        "proof needed": [rules.proof_needed, proof_needed],
        "keep months": [rules.keep_months, keep_months],
    }
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return rules
    write_versioned(
        rules,
        version=version,
        values={"proof_needed": proof_needed, "keep_months": keep_months},
        shown={name: pair[0] for name, pair in changes.items()},
        sent={name: pair[1] for name, pair in changes.items()},
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("change", "evidence rules", "rules", "", changes),
    )
    return rules


def rules_of(project: Project) -> EvidenceRules:
    """What a project asks of evidence; the usual where nobody has said."""
    rules, _made = EvidenceRules.objects.get_or_create(project=project)
    return rules


@transaction.atomic
def hold_item(
    *, acting_user: User | None, project: Project, key: str, version: int, hold: bool, why: str
) -> EvidenceItem:
    """Put an item under legal hold, or lift it. One trail event. Raises NotPermitted, RuleBroken, StaleWrite."""
    require_capability(acting_user, "evidence.dispose", project)
    item = own_item(acting_user, project, key)
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why."), field="why")
    if item.legal_hold == hold:
        return item
    write_versioned(item, version=version, values={"legal_hold": hold}, shown={}, sent={})
    tell_of(acting_user, item, "hold" if hold else "lift hold", {"legal hold": [not hold, hold]}, said)
    return item


@transaction.atomic
def dispose_item(*, acting_user: User | None, project: Project, key: str, version: int, rule: str) -> Disposal:
    """Destroy what an item holds; its hashes, its trail and a record of the disposal stay. One trail event.

    The files go once the transaction is through. Raises NotPermitted, StaleWrite, RuleBroken for an item that still
    counts, is under legal hold, is younger than the rule of its kind says, or was disposed of already.
    """
    require_capability(acting_user, "evidence.dispose", project)
    item = own_item(acting_user, project, key)
    said = clean_line(rule)[:300]
    if not said:
        raise RuleBroken(_("Name the rule by which it is disposed of."), field="rule")
    if item.legal_hold:
        raise RuleBroken(_("It is under legal hold."))
    if item.state != ItemState.WITHDRAWN:
        raise RuleBroken(_("Only what no longer counts is disposed of. Withdraw it first."))
    months = int(rules_of(project).keep_months.get(item.kind, 0))
    revisions = list(Revision.objects.filter(item=item))
    youngest = max(each.added_at for each in revisions)
    if clock.now() < youngest + months * MONTH:
        raise RuleBroken(
            _("Items of this kind are kept for %(months)d months after their newest revision.") % {"months": months}
        )
    stored = [each.stored for each in revisions if each.stored]
    facts = [
        {"revision": each.number, "sha256": each.sha256, "bytes": each.size, "file name": each.file_name}
        for each in revisions
    ]
    write_versioned(
        item, version=version, values={"state": ItemState.DISPOSED, "state_reason": said}, shown={}, sent={}
    )
    Revision.objects.filter(item=item).update(
        stored="", record="", seen_note="", url="", file_name="", disposed_at=clock.now()
    )
    give_back(project.organization, sum(each.size for each in revisions if each.stored))
    disposal = Disposal.objects.create(
        project=project, item=item, rule=said, revisions=facts, disposed_by=acting_user, disposed_at=clock.now()
    )
    tell_of(acting_user, item, "dispose", {"revisions": [facts, None]}, said)
    transaction.on_commit(lambda: _destroy(stored))
    return disposal


def _destroy(stored: list[str]) -> None:
    for each in stored:
        files.destroy(each)
        previews.forget(each)
