"""Setting what a project wants to reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from gapanalysis.choices import TargetOf
from gapanalysis.domain.ladder import RUNGS
from gapanalysis.models import Target
from gapanalysis.selectors.targets import Aim, aims_of
from projects.models import Project
from projects.services.guards import refuse_stale, require_capability, write_versioned

MOST = {TargetOf.CLAUSE: 100, TargetOf.PROCESS: len(RUNGS)}


@dataclass(frozen=True, slots=True)
class TargetWish:
    """A target as somebody wants it; `value` None takes it away. `version` is the one that they saw, 0 for none."""

    of: str
    key: str
    version: int
    value: int | None


@transaction.atomic
def set_targets(*, acting_user: User | None, project: Project, wishes: Sequence[TargetWish]) -> int:
    """Set, change or take away targets; returns how many changed. One trail event for all.

    Raises NotPermitted, RuleBroken for a clause or process that no question asks about and for a value out of range,
    StaleWrite where somebody changed one meanwhile. Nothing of all is written then.
    """
    require_capability(acting_user, "gap.manage", project)
    aims = {(aim.of, aim.key): aim for aim in aims_of(project)}
    changes: dict[str, list[int | None]] = {}
    for wish in wishes:
        aim = aims.get((wish.of, wish.key))
        if aim is None:
            raise RuleBroken(_("No question asks about %(name)s.") % {"name": wish.key}, field=f"{wish.of}:{wish.key}")
        most = MOST[TargetOf(wish.of)]
        if wish.value is not None and not 0 <= wish.value <= most:
            raise RuleBroken(
                _("%(name)s: write a number from 0 to %(most)d.") % {"name": aim.title, "most": most}, field=aim.name
            )
        if wish.value != aim.value:
            _write(project, aim, wish)
            changes[label_of(aim)] = [aim.value, wish.value]
    if changes:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("set targets", "targets", "targets", "", dict(changes)),
        )
    return len(changes)


def label_of(aim: Aim) -> str:
    """How the trail names what a target is set for."""
    return f"{aim.key} {aim.title}" if aim.of == TargetOf.CLAUSE else aim.title


def _write(project: Project, aim: Aim, wish: TargetWish) -> None:
    row = Target.objects.filter(project=project, of=aim.of, key=aim.key).first()
    shown = {label_of(aim): "" if aim.value is None else str(aim.value)}
    sent = {label_of(aim): "" if wish.value is None else str(wish.value)}
    if row is None:
        # Somebody took it away meanwhile; what this person wants is written all the same.
        if wish.value is not None:
            Target.objects.create(project=project, of=aim.of, key=aim.key, value=wish.value)
    elif wish.value is None:
        refuse_stale(row, version=wish.version, shown=shown, sent=sent)
        row.delete()
    else:
        write_versioned(row, version=wish.version, values={"value": wish.value}, shown=shown, sent=sent)
