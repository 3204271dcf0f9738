"""Acts on a project as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from projects.choices import Edition, OtherParties
from projects.currencies import CODES
from projects.domain import joined
from projects.models import Project
from projects.services.guards import require_capability, write_versioned
from projects.services.scope import check_left_out


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """What the settings of a project hold."""

    name: str
    scope_statement: str
    services: tuple[str, ...] = ()
    delivered_by: str = ""
    locations: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    other_parties: str = ""
    edition: str = Edition.E2018
    currency: str = "EUR"


def _values(change: ProjectChange) -> dict[str, Any]:
    return {
        "name": clean_line(change.name),
        "scope_statement": clean_text(change.scope_statement),
        "services": list(change.services),
        "delivered_by": clean_line(change.delivered_by),
        "locations": list(change.locations),
        "customers": list(change.customers),
        "left_out": list(change.left_out),
        "other_parties": change.other_parties,
        "edition": change.edition,
        "currency": change.currency,
    }


def _check(values: Mapping[str, Any]) -> None:
    if not values["name"]:
        raise RuleBroken(_("Give the project a name."), field="name")
    if len(values["name"]) > 120:
        raise RuleBroken(_("A name has 120 characters at most."), field="name")
    if not values["scope_statement"]:
        raise RuleBroken(_("Say what the SMS covers. A project needs a scope."), field="statement")
    if len(values["delivered_by"]) > 200:
        raise RuleBroken(_("Give 200 characters at most."), field="delivered_by")
    if values["edition"] not in Edition.values:
        raise RuleBroken(_("There is no such edition."), field="edition")
    if values["other_parties"] not in OtherParties.values:
        raise RuleBroken(_("Choose one of the answers."), field="other_parties")
    if values["currency"] not in CODES:
        raise RuleBroken(_("There is no such currency."), field="currency")
    check_left_out(values["left_out"])


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    """`values` under the labels of the form, as a person reads them."""
    labels = {
        "name": _("Name"),
        "scope_statement": _("Scope statement"),
        "services": _("Services in scope"),
        "delivered_by": _("Managed and delivered by"),
        "locations": _("Locations"),
        "customers": _("Customers"),
        "left_out": _("Left out"),
        "other_parties": _("Parts run by others"),
        "edition": _("Edition"),
        "currency": _("Currency"),
    }
    choices: dict[str, Mapping[str, Any]] = {
        "other_parties": dict(OtherParties.choices),
        "edition": dict(Edition.choices),
    }
    shown = {}
    for name, label in labels.items():
        value = values[name]
        if isinstance(value, list):
            value = joined(value)
        shown[label] = str(choices.get(name, {}).get(value, value))
    return shown


@transaction.atomic
def change_project(*, acting_user: User | None, project: Project, version: int, change: ProjectChange) -> Project:
    """Change name, scope, edition or currency. Dates and the catalogue stay; nothing changed writes nothing.

    Raises RuleBroken with the field that is not sound, StaleWrite with both texts where somebody else changed the
    project meanwhile.
    """
    require_capability(acting_user, "project.change", project)
    values = _values(change)
    _check(values)
    before = {name: getattr(project, name) for name in values}
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if not changes and version == project.version:
        return project
    shown, sent = _shown(before), _shown(values)
    differing = [label for label in shown if shown[label] != sent[label]] or list(shown)
    write_versioned(
        project,
        version=version,
        values=values,
        shown={label: shown[label] for label in differing},
        sent={label: sent[label] for label in differing},
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "change",
            "project",
            project.slug,
            project.name,
            {name.replace("_", " "): pair for name, pair in changes.items()},
        ),
    )
    return project
