"""How an organization's papers look, and the templates it brings along. Each act is in its trail."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.paper.style import Accent, Typeface, checked_logo
from common.texts import clean_line, clean_text
from documents.domain.markdown_in import fitted
from documents.library import LibraryError, checked_template, library
from documents.models import HouseStyle, OwnTemplate
from documents.services.bodies import checked_body
from projects.models import Organization
from projects.permissions import can_act_for_organization
from projects.services.guards import require, write_versioned

LONGEST_HEADER, LONGEST_FOOTER = 80, 120


@dataclass(frozen=True, slots=True)
class StyleIn:
    """What somebody chose. `logo` None leaves the logo as it is, b"" takes it away."""

    accent: str
    typeface: str
    header: str = ""
    footer: str = ""
    logo: bytes | None = None


def _locked(acting_user: User | None, organization: Organization) -> None:
    """Whoever else changes what belongs to the organization waits until the transaction ends."""
    require(can_act_for_organization(acting_user, organization))
    Organization.objects.select_for_update().get(pk=organization.pk)


@transaction.atomic
def save_style(
    *, acting_user: User | None, organization: Organization, version: int, style: StyleIn
) -> HouseStyle | None:
    """Make `style` the house style; `version` is 0 where there was none. One trail event; None where nothing changed.

    What is published keeps its bytes. Raises NotPermitted, StaleWrite, RuleBroken for what cannot be printed.
    """
    _locked(acting_user, organization)
    if style.accent not in Accent.values or style.typeface not in Typeface.values:
        raise RuleBroken(_("Choose one of the list."), field="accent")
    there = HouseStyle.objects.filter(organization=organization).first()
    row = there or HouseStyle(organization=organization, version=0)
    values: dict[str, Any] = {
        "accent": str(style.accent),
        "typeface": str(style.typeface),
        "header": clean_line(style.header)[:LONGEST_HEADER],
        "footer": clean_line(style.footer)[:LONGEST_FOOTER],
    }
    if style.logo is not None:
        values["logo"] = checked_logo(style.logo) if style.logo else b""
    pairs = {name: [_told(name, getattr(row, name)), _told(name, value)] for name, value in values.items()}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changes and row.version == version:
        return None
    shown = {name: pair[0] for name, pair in changes.items()}
    sent = {name: pair[1] for name, pair in changes.items()}
    if there is None:
        if version != 0:
            raise StaleWrite(_("Somebody changed this meanwhile. Reload the page."), current=shown, sent=sent)
        for name, value in values.items():
            setattr(row, name, value)
        row.version = 1
        row.save()
    else:
        write_versioned(row, version=version, values=values, shown=shown, sent=sent)
    _tell(acting_user, organization, Draft("set", "house style", organization.slug, organization.name, changes))
    return row


def _told(name: str, value: Any) -> str:
    """A value as the trail keeps it; a logo by its hash."""
    if name != "logo":
        return str(value)
    return hashlib.sha256(bytes(value)).hexdigest() if value else ""


@transaction.atomic
def add_template(
    *, acting_user: User | None, organization: Organization, front: Mapping[str, Any], body: str, start: str = ""
) -> OwnTemplate:
    """Add a template; `start` is the key of the one of the library whose place it takes. One trail event.

    Raises NotPermitted, RuleBroken for what the library would refuse, or a key that is taken.
    """
    _locked(acting_user, organization)
    key = start or slugify(str(front.get("title", "")))[:80].strip("-")
    # An address of ours.
    key = "new-template" if key == "new" else key
    if not key:
        raise RuleBroken(_("Give it a title with letters."), field="title")
    if start and start not in library():
        raise RuleBroken(_("There is no such template."), field="title")
    if not start and key in library():
        raise RuleBroken(_("The library has one of this name. Take that one over as a start."), field="title")
    if OwnTemplate.objects.filter(organization=organization, key=key).exists():
        raise RuleBroken(_("You have one of this name already. Change that one."), field="title")
    values = _checked(key, front, body)
    row = OwnTemplate.objects.create(
        organization=organization, key=key, changed_by=acting_user, changed_at=clock.now(), **values
    )
    _tell(acting_user, organization, _draft("add", row, {"takes the place of ours": [None, bool(start)]}))
    return row


@transaction.atomic
def change_template(
    *,
    acting_user: User | None,
    organization: Organization,
    key: str,
    version: int,
    front: Mapping[str, Any],
    body: str,
) -> OwnTemplate:
    """Change a template; documents that began from it stay as they are. One trail event, or none.

    Raises as `add_template`, StaleWrite with both texts, OwnTemplate.DoesNotExist.
    """
    _locked(acting_user, organization)
    row = OwnTemplate.objects.get(organization=organization, key=key)
    values = _checked(key, front, body)
    before = {**row.front, "body": row.body}
    after = {**values["front"], "body": values["body"]}
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed and row.version == version:
        return row
    write_versioned(
        row,
        version=version,
        values={**values, "changed_by": acting_user, "changed_at": clock.now()},
        shown={name.replace("_", " "): before.get(name, "") for name in changed},
        sent={name.replace("_", " "): after[name] for name in changed},
    )
    _tell(acting_user, organization, _draft("change", row, {"changed": [None, ", ".join(sorted(changed))]}))
    return row


@transaction.atomic
def offer_template(
    *, acting_user: User | None, organization: Organization, key: str, version: int, is_offered: bool
) -> OwnTemplate:
    """Stop offering a template, or offer it again. One trail event, or none. Raises as `change_template`."""
    _locked(acting_user, organization)
    row = OwnTemplate.objects.get(organization=organization, key=key)
    if row.is_offered == is_offered:
        return row
    write_versioned(row, version=version, values={"is_offered": is_offered}, shown={}, sent={})
    _tell(acting_user, organization, _draft("offer" if is_offered else "stop", row, {}))
    return row


def _checked(key: str, front: Mapping[str, Any], body: str) -> dict[str, Any]:
    """The fields of a template that holds what those of the library hold."""
    text = checked_body(fitted(clean_text(body)))
    if not text:
        raise RuleBroken(_("Write what it says."), field="body")
    facts = {**front, "key": key}
    try:
        template = checked_template(key, facts, text)
    except LibraryError as error:
        raise RuleBroken(str(error), field="body") from error
    return {"front": facts, "body": template.body}


def _draft(action: str, row: OwnTemplate, changes: Mapping[str, object]) -> Draft:
    return Draft(action, "own template", row.key, str(row.front.get("title", row.key)), changes)


def _tell(acting_user: User | None, organization: Organization, draft: Draft) -> None:
    record_event(stream_id=organization.uuid, acting_user=acting_user, draft=draft)
