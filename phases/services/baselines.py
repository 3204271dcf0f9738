"""A baseline: the plan as it stands, kept under a name for good."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.canonical import sha256_of
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text, same_name
from phases.models import Baseline
from phases.selectors.baselines import plan_content
from projects.models import Project
from projects.services.guards import require_capability

LONGEST_NAME = 80
LONGEST_NOTE = 1000


@transaction.atomic
def take_baseline(*, acting_user: User | None, project: Project, name: str, note: str = "") -> Baseline:
    """Keep the plan of `project` as it stands under `name`. One trail event.

    Sent twice (same person, name, note and plan as the newest one), it was meant once: the first answers, and nothing
    is written. Raises NotPermitted; RuleBroken for a name that is empty, too long or taken, and for a note that is too
    long.
    """
    require_capability(acting_user, "phases.schedule", project)
    name, note = clean_line(name), clean_text(note)
    if not name:
        raise RuleBroken(_("Give the baseline a name, such as Start of phase 1."), field="name")
    if len(name) > LONGEST_NAME:
        raise RuleBroken(_("Give a name of %(most)d characters at most.") % {"most": LONGEST_NAME}, field="name")
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(_("Write a note of %(most)d characters at most.") % {"most": LONGEST_NOTE}, field="note")
    content = plan_content(project)
    digest = sha256_of(content)
    taken = list(Baseline.objects.filter(project=project).defer("content").order_by("number"))
    who = acting_user.pk if acting_user is not None else None
    if taken and (taken[-1].name, taken[-1].note, taken[-1].sha256, taken[-1].taken_by_id) == (name, note, digest, who):
        return taken[-1]
    for other in taken:
        if same_name(other.name) == same_name(name):
            raise RuleBroken(_("B%(number)d has this name. Choose another.") % {"number": other.number}, field="name")
    baseline = Baseline.objects.create(
        project=project,
        number=taken[-1].number + 1 if taken else 1,
        name=name,
        note=note,
        taken_by=acting_user,
        content=content,
        sha256=digest,
    )
    changes: dict[str, Any] = {
        "name": [None, name],
        "activities": [None, len(content["rows"])],
        "content sha256": [None, digest],
    }
    if note:
        changes["note"] = [None, note]
    draft = Draft("take baseline", "baseline", str(baseline.number), name, changes)
    record_event(stream_id=project.uuid, acting_user=acting_user, draft=draft)
    return baseline
