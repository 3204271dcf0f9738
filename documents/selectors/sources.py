"""Where what fills a place of a document is said, in words and with the way there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.domain.fill import Mark, MarkKind
from documents.library import template_of
from documents.models import Document
from documents.selectors.values import SUPPLIERS
from phases.selectors.catalogue import texts_for
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Source:
    """What a place holds (`label`) and where that is changed: `place` in words and its address, "" where nobody can."""

    label: str
    place: str
    url: str


_SETTINGS = ("project_settings", gettext_lazy("Settings of the project"))
_TEAM = ("team", gettext_lazy("Team"))
_ROLES = ("role_map", gettext_lazy("Role map"))
_PLAN = ("plan", gettext_lazy("Plan"))
_FACTS = ("document_facts", gettext_lazy("Facts of this document"))
_ITSELF = ("", gettext_lazy("the document itself"))
_SENDING = ("", gettext_lazy("named when it is sent for review"))

_FIELDS: Mapping[str, tuple[str | Promise, tuple[str, str | Promise]]] = {
    "organization": (gettext_lazy("The organization"), ("", gettext_lazy("the organization of the project"))),
    "project": (gettext_lazy("The project"), _SETTINGS),
    "scope": (gettext_lazy("The scope of the SMS"), _SETTINGS),
    "services": (gettext_lazy("The services"), _SETTINGS),
    "customers": (gettext_lazy("The customers"), _SETTINGS),
    "suppliers": (gettext_lazy("The suppliers"), ("", gettext_lazy("answered here"))),
    "locations": (gettext_lazy("The locations"), _SETTINGS),
    "delivered_by": (gettext_lazy("Who delivers the services"), _SETTINGS),
    "left_out": (gettext_lazy("What the scope leaves out"), _SETTINGS),
    "edition": (gettext_lazy("The edition of the standard"), _SETTINGS),
    "currency": (gettext_lazy("The currency"), _SETTINGS),
    "start": (gettext_lazy("The start of the project"), _PLAN),
    "project_manager": (gettext_lazy("Who manages the project"), _TEAM),
    "top_management": (gettext_lazy("Top management"), _ROLES),
    "owner": (gettext_lazy("The owner of this document"), _FACTS),
    "review_months": (gettext_lazy("Months between reviews"), _FACTS),
    "subject": (gettext_lazy("What this document is about"), _FACTS),
    "next_review": (gettext_lazy("The next review"), _FACTS),
    "approvers": (gettext_lazy("Who approves it"), _SENDING),
    "number": (gettext_lazy("Its number"), _ITSELF),
    "version": (gettext_lazy("Its version"), _ITSELF),
}
_BLOCKS: Mapping[str, tuple[str | Promise, str, str | Promise]] = {
    "roles": (gettext_lazy("The table of roles"), "role_map", gettext_lazy("Role map")),
    "services": (gettext_lazy("The table of services"), "project_settings", gettext_lazy("Settings of the project")),
    "customers": (gettext_lazy("The table of customers"), "project_settings", gettext_lazy("Settings of the project")),
    "suppliers": (gettext_lazy("The table of suppliers"), "project_settings", gettext_lazy("Settings of the project")),
    "phases": (gettext_lazy("The table of phases"), "plan", gettext_lazy("Plan")),
    "risks": (gettext_lazy("The table of risks"), "risks", gettext_lazy("Risks")),
    "objectives": (gettext_lazy("The table of objectives"), "objectives", gettext_lazy("Objectives")),
    "interfaces": (gettext_lazy("The table of interfaces"), "interfaces", gettext_lazy("Interfaces")),
    "communication": (gettext_lazy("The communication plan"), "communication", gettext_lazy("Communication")),
    "training": (gettext_lazy("The training plan"), "communication", gettext_lazy("Communication")),
    "competence": (gettext_lazy("The competence matrix"), "competence", gettext_lazy("Competence")),
    "documents": (gettext_lazy("The list of documents"), "documents", gettext_lazy("Documents")),
}


def way_to(name: str, *args: object) -> str:
    """The address of a page, or "" where this installation has no such page."""
    try:
        return reverse(name, args=args) if name else ""
    except NoReverseMatch:
        return ""


def source_of(project: Project, document: Document, mark: Mark) -> Source:
    """What `mark` stands for, and where it is said. No query."""
    if mark.kind == MarkKind.BLOCK:
        return _block(project, mark)
    if mark.kind == MarkKind.UNKNOWN:
        label = _("[[%(name)s]], which is no place that can be filled") % {"name": mark.name}
        return Source(label, _("the text"), way_to("document_edit", project.slug, document.key))
    if mark.kind == MarkKind.FIELD and mark.name != SUPPLIERS:
        return _field(project, document, mark)
    label = mark.name
    if mark.kind == MarkKind.CHOICE:
        label = _("A choice: %(options)s") % {"options": " / ".join(mark.options)}
    elif mark.name == SUPPLIERS:
        label = _("The suppliers")
    return Source(label, _("the form of what is missing"), way_to("document_fill", project.slug, document.key))


def _field(project: Project, document: Document, mark: Mark) -> Source:
    if mark.name == "owner_of":
        component = texts_for(project).components.get(mark.argument)
        title = component.title if component is not None else mark.argument
        url = way_to("role_map_component", project.slug, mark.argument) or way_to("role_map", project.slug)
        return Source(_("Who answers for %(component)s") % {"component": title}, _("Role map"), url)
    if mark.name == "document":
        template = template_of(mark.argument)
        title = template.title if template is not None else mark.argument
        return Source(
            _("The document “%(title)s”") % {"title": title},
            _("that document"),
            way_to("document", project.slug, mark.argument),
        )
    if mark.name == "phase_end":
        return Source(
            _("The end of phase %(number)s") % {"number": mark.argument}, _("Plan"), way_to("plan", project.slug)
        )
    label, (name, place) = _FIELDS.get(mark.name, (mark.name, _ITSELF))
    args = (project.slug, document.key) if name.startswith("document_") else (project.slug,)
    return Source(str(label), str(place), way_to(name, *args))


def _block(project: Project, mark: Mark) -> Source:
    name, _space, argument = mark.argument.partition(" ")
    label, page, place = _BLOCKS.get(name, (_("The table “%(name)s”") % {"name": name}, "", _("the project")))
    words = f"{label} ({argument})" if argument else str(label)
    return Source(words, str(place), way_to(page, project.slug))
