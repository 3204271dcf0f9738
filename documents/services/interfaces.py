"""The register of interfaces: taking over the model, changing lines, agreeing on them, dropping them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line
from documents.choices import InterfaceState
from documents.models import Interface
from documents.registers_library import model_interfaces
from documents.services.rows import checked_text, next_key
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.services.guards import require_capability, write_versioned


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """What passes between two processes, and when."""

    giver: str
    receiver: str
    what: str
    when: str = ""
    note: str = ""


@transaction.atomic
def take_interfaces(*, acting_user: User | None, project: Project) -> int:
    """Take over the lines of our model that the project does not have yet. One trail event, or none for none.

    Lines between processes that the plan does not have are left out. Raises NotPermitted.
    """
    require_capability(acting_user, "documents.publish", project)
    components = texts_for(project).components
    there = set(Interface.objects.filter(project=project).values_list("model_key", flat=True))
    wanted = [
        each
        for each in model_interfaces()
        if each.key not in there and each.giver in components and each.receiver in components
    ]
    first = _next_number(project)
    Interface.objects.bulk_create(
        [
            Interface(
                project=project,
                key=f"X-{number:03d}",
                giver=each.giver,
                receiver=each.receiver,
                what=each.what,
                when=each.when,
                clauses_2011=list(each.clauses_2011),
                model_key=each.key,
                created_at=clock.now(),
            )
            for number, each in enumerate(wanted, start=first)
        ]
    )
    if wanted:
        _tell(acting_user, project, "adopt", "register", _("Interfaces"), {"lines": [None, len(wanted)]})
    return len(wanted)


@transaction.atomic
def add_interface(*, acting_user: User | None, project: Project, facts: InterfaceFacts) -> Interface:
    """Add a line of the project's own. One trail event. Raises NotPermitted, RuleBroken."""
    require_capability(acting_user, "documents.write", project)
    values = _checked(project, facts)
    row = Interface.objects.create(
        project=project, key=f"X-{_next_number(project):03d}", created_at=clock.now(), **values
    )
    _tell(acting_user, project, "add", row.key, str(row), {name: [None, value] for name, value in values.items()})
    return row


@transaction.atomic
def change_interface(
    *, acting_user: User | None, project: Project, key: str, version: int, facts: InterfaceFacts
) -> Interface:
    """Change a line. What was agreed is to be agreed again if it says something else. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken, Interface.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    row = Interface.objects.get(project=project, key=key)
    values = _checked(project, facts)
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if not changes and row.version == version:
        return row
    said = {name: value for name, value in changes.items() if name != "note"}
    if said and row.state == InterfaceState.AGREED:
        values["state"] = InterfaceState.OPEN
        changes["state"] = [InterfaceState.AGREED.value, InterfaceState.OPEN.value]
    write_versioned(
        row,
        version=version,
        values=values,
        shown={_LABELS[name]: pair[0] for name, pair in changes.items() if name in _LABELS},
        sent={_LABELS[name]: pair[1] for name, pair in changes.items() if name in _LABELS},
    )
    _tell(acting_user, project, "change", row.key, str(row), changes)
    return row


@transaction.atomic
def settle_interface(
    *, acting_user: User | None, project: Project, key: str, version: int, state: str, why: str = ""
) -> Interface:
    """Say that the two agree on a line, that it is open again, or that it does not count here. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken for dropping it without a reason, Interface.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    row = Interface.objects.get(project=project, key=key)
    if state not in InterfaceState.values:
        raise RuleBroken(_("Choose one of the list."), field="state")
    said = clean_line(why)[:300]
    if state == InterfaceState.DROPPED and not said:
        raise RuleBroken(_("Say why it does not count here: the next reader will ask."), field="why")
    before = row.state
    write_versioned(
        row,
        version=version,
        values={"state": state, "state_reason": said},
        shown={_("State"): InterfaceState(before).label},
        sent={_("State"): InterfaceState(state).label},
    )
    _tell(acting_user, project, "settle", row.key, str(row), {"state": [before, state]}, said)
    return row


@transaction.atomic
def agree_on(*, acting_user: User | None, project: Project, lines: Sequence[tuple[str, int]]) -> int:
    """Note that both sides agree on `lines` (key and the version that was seen), all or none. One trail event each.

    Those that are agreed already are left as they are. Raises NotPermitted, StaleWrite, RuleBroken for one that was
    dropped, Interface.DoesNotExist.
    """
    require_capability(acting_user, "documents.write", project)
    rows = {row.key: row for row in Interface.objects.filter(project=project, key__in=[key for key, _seen in lines])}
    count = 0
    for key, seen in lines:
        if key not in rows:
            raise Interface.DoesNotExist
        row = rows[key]
        if row.state == InterfaceState.DROPPED:
            raise RuleBroken(_("%(key)s is dropped. Bring it back first.") % {"key": key})
        if row.state == InterfaceState.OPEN or row.version != seen:
            settle_interface(
                acting_user=acting_user, project=project, key=key, version=seen, state=InterfaceState.AGREED
            )
            count += 1
    return count


_LABELS = {"giver": "From", "receiver": "To", "what": "What", "when": "When", "note": "Note"}


def _next_number(project: Project) -> int:
    return next_key(Interface.objects.filter(project=project).values_list("key", flat=True))


def _checked(project: Project, facts: InterfaceFacts) -> dict[str, object]:
    components = texts_for(project).components
    for name, code in (("giver", facts.giver), ("receiver", facts.receiver)):
        if code not in components:
            raise RuleBroken(_("Choose one of the list."), field=name)
    if facts.giver == facts.receiver:
        raise RuleBroken(_("An interface lies between two processes: choose another."), field="receiver")
    return {
        "giver": facts.giver,
        "receiver": facts.receiver,
        "what": checked_text(facts.what, "what", 300, _("Say what is handed over, a thing one can point at.")),
        "when": checked_text(facts.when, "when", 200),
        "note": checked_text(facts.note, "note", 500),
    }


def _tell(
    acting_user: User | None,
    project: Project,
    action: str,
    key: str,
    label: str,
    changes: Mapping[str, object],
    reason: str = "",
) -> None:
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "interface", key, label[:200], changes, reason),
    )
