"""The wizard for a new project: a draft that is kept, and the act that makes a project of it.

`WizardDraft.answers` holds `steps` (what was typed, by step and field), `nonce` (which draft this is) and, once a
project was made, `made`: the nonce of the draft it was made from and the slug of the project. A second click on the
last button brings the same nonce and finds that project.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from phases.choices import MadeAs
from phases.selectors.reuse import MOST_ITEMS
from phases.services.reuse import Earlier, start_from
from phases.services.start import NAME_LENGTH, ProjectPlan, start_project
from projects.models import Organization, Project, WizardDraft
from projects.permissions import can_open_organization, can_start_any_project, can_start_project
from projects.services.guards import require
from projects.services.invitations import invite
from projects.services.organizations import create_organization

LONGEST_VALUE, MOST_VALUES = 5000, 200
# Of an earlier project there is more to tick than anybody types.
MOST_OF = {"take": MOST_ITEMS}


@dataclass(frozen=True, slots=True)
class FirstMember:
    """Somebody to be invited when the project starts."""

    name: str
    email: str
    role: str
    valid_until: date | None = None


def _kept(values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a draft keeps of a form: all that somebody may have typed, but no megabytes, and no NUL for PostgreSQL."""
    return {
        name: [value.replace("\x00", "")[:LONGEST_VALUE] for value in list(given)[: MOST_OF.get(name, MOST_VALUES)]]
        for name, given in values.items()
    }


@transaction.atomic
def save_step(*, acting_user: User, step: str, values: Mapping[str, Sequence[str]]) -> WizardDraft:
    """Keep what was typed in a step, sound or not. Raises NotPermitted for who may start no project.

    A draft is a note of one person to themselves: it is in no trail.
    """
    require(can_start_any_project(acting_user))
    WizardDraft.objects.get_or_create(user=acting_user, defaults={"saved_at": clock.now()})
    draft = WizardDraft.objects.select_for_update().get(user=acting_user)
    answers = dict(draft.answers)
    answers["steps"] = {**answers.get("steps", {}), step: _kept(values)}
    answers.setdefault("nonce", secrets.token_urlsafe(12))
    draft.answers = answers
    draft.saved_at = clock.now()
    draft.save(update_fields=["answers", "saved_at"])
    return draft


@transaction.atomic
def draft_wider_scope(*, acting_user: User, source: Project) -> WizardDraft:
    """Begin a draft that widens the scope of `source`, in place of any other draft.

    Raises NotPermitted for who may not start projects in its organization.
    """
    require(can_start_project(acting_user, source.organization))
    discard_draft(acting_user=acting_user)
    name = _("%(name)s, wider scope") % {"name": source.name}
    save_step(
        acting_user=acting_user,
        step="organization",
        values={
            "organization": [str(source.organization_id)],
            "name": [name[:NAME_LENGTH]],
            "edition": [source.edition],
        },
    )
    return save_step(
        acting_user=acting_user,
        step="earlier",
        values={"source": [source.slug], "made_as": [MadeAs.WIDER_SCOPE.value]},
    )


@transaction.atomic
def discard_draft(*, acting_user: User) -> None:
    """Throw the draft away."""
    WizardDraft.objects.filter(user=acting_user).delete()


def made_from(draft: WizardDraft | None, nonce: str) -> str:
    """The slug of the project that was made from the draft `nonce`, or ""."""
    made = draft.answers.get("made") if draft is not None else None
    return str(made[1]) if made and nonce and made[0] == nonce else ""


@transaction.atomic
def finish_wizard(
    *,
    acting_user: User,
    nonce: str,
    organization: Organization | None,
    new_organization: str = "",
    plan: ProjectPlan,
    members: Sequence[FirstMember] = (),
    earlier: Earlier | None = None,
) -> Project:
    """Start the project of a draft, invite its first members and consume the draft, or do none of it.

    `organization` None opens one named `new_organization`, which only an administrator may; `earlier` is what comes
    over from another project. The same `nonce` again returns the project that was made. Raises RuleBroken for a draft
    that is gone or answers that are not sound, NotPermitted for who may not start a project there.
    """
    draft = WizardDraft.objects.select_for_update().filter(user=acting_user).first()
    slug = made_from(draft, nonce)
    if slug:
        return Project.objects.visible_to(acting_user).get(slug=slug)
    if draft is None or not nonce or draft.answers.get("nonce") != nonce:
        raise RuleBroken(_("This draft was discarded or started anew. Nothing was started."))
    if organization is None:
        require(can_open_organization(acting_user))
        organization = create_organization(acting_user=acting_user, name=new_organization)
    if earlier is not None:
        project = start_from(acting_user=acting_user, organization=organization, plan=plan, earlier=earlier)
    else:
        project = start_project(acting_user=acting_user, organization=organization, plan=plan)
    for member in members:
        invite(
            acting_user=acting_user,
            project=project,
            email=member.email,
            name=member.name,
            role=member.role,
            valid_until=member.valid_until,
        )
    draft.answers = {"made": [nonce, project.slug]}
    draft.saved_at = clock.now()
    draft.save(update_fields=["answers", "saved_at"])
    return project
