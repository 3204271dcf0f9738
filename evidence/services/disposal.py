"""Retention: what no longer counts is disposed of by a rule, on the record. A legal hold keeps it."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_line
from evidence import files, previews
from evidence.choices import ItemState
from evidence.domain.retention import kept_until
from evidence.models import Disposal, EvidenceItem, EvidenceRules, Revision
from evidence.registries import why_needed
from evidence.selectors import seen_by
from evidence.selectors.retention import rules_of
from evidence.services.items import own_item
from evidence.services.quota import give_back
from evidence.services.rules import rule_words
from evidence.services.telling import tell_of
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned

MOST_AT_ONCE = 200


@transaction.atomic
def hold_item(
    *, acting_user: User | None, project: Project, key: str, version: int, hold: bool, why: str
) -> EvidenceItem:
    """Put an item under legal hold, or lift it. One trail event, or none where it is so already.

    Raises NotPermitted, RuleBroken without a reason or for what was disposed of, StaleWrite, EvidenceItem.DoesNotExist.
    """
    require_capability(acting_user, "evidence.dispose", project)
    item = own_item(acting_user, project, key)
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why: the trail keeps it."), field="why")
    if item.state == ItemState.DISPOSED:
        raise RuleBroken(_("It was disposed of. There is nothing left to hold."))
    if item.legal_hold == hold:
        return item
    write_versioned(
        item,
        version=version,
        values={"legal_hold": hold, "hold_reason": said if hold else ""},
        shown={"legal hold": not hold},
        sent={"legal hold": hold},
    )
    tell_of(acting_user, item, "hold" if hold else "lift hold", {"legal hold": [not hold, hold]}, said)
    return item


@transaction.atomic
def dispose_items(
    *, acting_user: User | None, project: Project, chosen: Mapping[str, int], why: str = ""
) -> list[Disposal]:
    """Destroy what the items hold that `chosen` names, key by version; all of them or, where one may not go, none.

    Hashes, trail and a record with the rule of each stay. One trail event per item. The files go once the transaction
    is through; what a crash leaves, `remove_disposed_files` takes away. Raises NotPermitted, StaleWrite where one
    changed since it was chosen (or was disposed of by the first of two clicks), EvidenceItem.DoesNotExist, and
    RuleBroken for none or too many, and for one that is under legal hold, still counts, is to be kept longer, or that
    something which holds is made of.
    """
    require_capability(acting_user, "evidence.dispose", project)
    if not 1 <= len(chosen) <= MOST_AT_ONCE:
        raise RuleBroken(_("Choose from one to %(most)d items.") % {"most": MOST_AT_ONCE})
    said = clean_line(why)[:300]
    rules = rules_of(project)
    access = access_to(project, acting_user)
    found = {item.key: item for item in seen_by(project, access).filter(key__in=chosen).order_by("pk")}
    if len(found) < len(chosen):
        raise EvidenceItem.DoesNotExist
    revisions: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(item__in=found.values()).order_by("item", "number"):
        revisions.setdefault(revision.item_id, []).append(revision)
    made = []
    for key, item in found.items():
        item.project = project
        needed = why_needed(project, access, item)
        if needed:
            raise RuleBroken(needed)
        made.append(_dispose(acting_user, item, chosen[key], rules, revisions.get(item.pk, []), said))
    give_back(project.organization, sum(each.size for of_item in revisions.values() for each in of_item if each.stored))
    for disposal in made:
        tell_of(
            acting_user,
            disposal.item,
            "dispose",
            {"revisions": [disposal.revisions, None], "rule": disposal.rule},
            said,
        )
    transaction.on_commit(lambda: _remove_files(made), robust=True)
    return made


def _dispose(
    acting_user: User | None,
    item: EvidenceItem,
    version: int,
    rules: EvidenceRules,
    revisions: Sequence[Revision],
    why: str,
) -> Disposal:
    if item.version != version:
        raise StaleWrite(
            _("%(key)s changed since you chose it. Nothing was disposed of. Look at it, then choose again.")
            % {"key": item.key},
            current={},
            sent={},
        )
    rule = _rule_for(item, rules)
    now = clock.now()
    write_versioned(item, version=version, values={"state": ItemState.DISPOSED}, shown={}, sent={})
    facts = [
        {"revision": each.number, "sha256": each.sha256, "bytes": each.size, "file name": each.file_name}
        for each in revisions
    ]
    Revision.objects.filter(item=item).update(stored="", record="", seen_note="", url="", file_name="", disposed_at=now)
    stored = [each.stored for each in revisions if each.stored]
    return Disposal.objects.create(
        project=item.project,
        item=item,
        rule=rule,
        reason=why,
        revisions=facts,
        stored=stored,
        files_gone_at=None if stored else now,
        disposed_by=acting_user,
        disposed_at=now,
    )


def _rule_for(item: EvidenceItem, rules: EvidenceRules) -> str:
    """The words of the rule by which `item` goes. Raises RuleBroken where it may not."""
    if item.legal_hold:
        raise RuleBroken(_("%(key)s is under legal hold.") % {"key": item.key})
    if item.state != ItemState.WITHDRAWN or item.left_at is None:
        raise RuleBroken(
            _("%(key)s still counts. Only what no longer counts is disposed of: withdraw it first.") % {"key": item.key}
        )
    months = rules.months(item.kind)
    zone = item.project.time_zone
    until = kept_until(clock.day_of(item.left_at, zone), months)
    if clock.today(zone) < until:
        raise RuleBroken(
            _("%(key)s is kept until %(day)s: %(rule)s.")
            % {"key": item.key, "day": until.isoformat(), "rule": rule_words(item.kind, months)}
        )
    return rule_words(item.kind, months)


def _remove_files(disposals: Sequence[Disposal]) -> int:
    """Remove the files of disposals that went through, and note that they are gone. Safe to do twice."""
    removed = 0
    for disposal in disposals:
        for stored in disposal.stored:
            files.destroy(stored)
            previews.forget(stored)
            removed += 1
        Disposal.objects.filter(pk=disposal.pk).update(files_gone_at=clock.now())
    return removed


def remove_disposed_files() -> int:
    """Remove what a crash, or a disk that did not answer, left of what was disposed of. Returns how many files."""
    return _remove_files(list(Disposal.objects.filter(files_gone_at=None).order_by("pk")))
