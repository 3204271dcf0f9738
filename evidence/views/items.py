"""One item: its page, its file, and what is done with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import read_query, single_values
from evidence import files
from evidence.choices import EvidenceKind, ItemState
from evidence.domain.file_names import safe_name
from evidence.exceptions import FileDamaged, NoRoom
from evidence.forms.items import FactsForm, ReviseForm, refs_of
from evidence.models import EvidenceItem, Revision
from evidence.registries import link_kinds, seen_kinds, why_needed
from evidence.selectors import item_of, may_add_by
from evidence.selectors.item import item_view
from evidence.services.items import Content, FileIn, LinkIn, add_revision, change_facts, withdraw_item
from evidence.services.links import link_activities, unlink_activity
from evidence.services.quota import MEGABYTE
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


def found_item(request: ProjectRequest, project: Project, key: str) -> EvidenceItem:
    """The item that `key` names, where this person may see it; Http404 where not."""
    item = item_of(project, request.access, key)
    if item is None:
        raise Http404
    return item


@project_view("evidence.view")
def item(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What it shows, what it holds, what it proves."""
    read_query(request.GET)
    return _page(request, project, found_item(request, project, key))


def _page(
    request: ProjectRequest, project: Project, found: EvidenceItem, *, problem: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    may_change = may_add_by(request.user, found, request.access) and found.state == ItemState.CURRENT
    context = {
        "project": project,
        "item": found,
        "view": item_view(project, request.access, found),
        "may_change": may_change,
        "needed": why_needed(project, request.access, found) if may_change else "",
        "may_link": bool(request.access.can("evidence.add")) and found.state == ItemState.CURRENT,
        "may_dispose": bool(request.access.can("evidence.dispose")),
        "may_ask": bool(request.access.can("evidence.ask")),
        "problem": problem,
        "revise_form": more.pop("revise_form", None) or ReviseForm(),
        **more,
    }
    return render(request, "evidence/item.html", context, status=status)


# For the views of other modules that refuse something about an item, and show it again.
item_page = _page


@project_view("evidence.view")
def file(request: ProjectRequest, project: Project, key: str, number: int) -> HttpResponseBase:
    """The bytes of a revision, to be saved, if they are what was taken in; else a page that says what is wrong."""
    read_query(request.GET)
    found = found_item(request, project, key)
    revision = Revision.objects.filter(item=found, number=number).exclude(stored="").first()
    if revision is None:
        raise Http404
    try:
        path = files.check_stored(revision.stored, revision.sha256, revision.size)
        handle = path.open("rb")
    except (FileDamaged, OSError) as damage:
        what = damage.what if isinstance(damage, FileDamaged) else "missing"
        context = {"project": project, "item": found, "revision": revision, "what": what}
        return render(request, "evidence/damaged.html", context, status=409)
    return FileResponse(
        handle,
        as_attachment=True,
        filename=safe_name(revision.file_name),
        content_type=revision.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store, private",
        },
    )


@project_view("evidence.add", post="evidence.add")
def change(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Change what is said about it."""
    found = found_item(request, project, key)
    if not may_add_by(request.user, found, request.access):
        raise NotPermitted(_("Who added it, its owner and managers change it."))
    names = ("title", "shows", "owner", "collected_on", "covers_from", "covers_until", "valid_until", "classification")
    if request.method != "POST":
        read_query(request.GET)
        form = FactsForm(initial={name: getattr(found, name) for name in names}, project=project)
        return _change_form(request, project, found, form, found.version)
    version = parse_version(request.POST.get("version"))
    form = FactsForm(single_values(request.POST), project=project)
    if form.is_valid():
        try:
            change_facts(acting_user=request.user, project=project, key=key, version=version, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            now = found_item(request, project, key).version
            hidden = [(name, request.POST.get(name, "")) for name in names] + [("version", now)]
            return conflict(request, error, action=request.path, hidden=hidden, back=_address(project, key))
        else:
            messages.success(request, _("Saved."))
            return redirect("evidence_item", project.slug, key)
    return _change_form(request, project, found, form, version, status=422)


def _address(project: Project, key: str) -> str:
    return redirect("evidence_item", project.slug, key).url


def _change_form(
    request: ProjectRequest, project: Project, found: EvidenceItem, form: FactsForm, version: int, status: int = 200
) -> HttpResponse:
    context = {"project": project, "item": found, "form": form, "version": version}
    return render(request, "evidence/change.html", context, status=status)


@project_view(post="evidence.add")
def revise(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Take in a newer revision."""
    found = found_item(request, project, key)
    version = parse_version(request.POST.get("version"))
    form = ReviseForm(single_values(request.POST))
    sent = request.FILES.get("file")
    if form.is_valid():
        try:
            content = _content(found, form, sent)
            add_revision(
                acting_user=request.user,
                project=project,
                key=key,
                version=version,
                content=content,
                why=form.cleaned_data["why"],
            )
        except StaleWrite as error:
            problem = _("%(said)s Look at the newest revision, then send yours again.") % {"said": error}
            return _page(request, project, found_item(request, project, key), problem=problem, status=409)
        except RuleBroken as error:
            status = 507 if isinstance(error, NoRoom) else 422
            return _page(request, project, found, problem=str(error), status=status, revise_form=form)
        messages.success(request, _("The newer revision is kept; the older one stays."))
        return redirect("evidence_item", project.slug, key)
    return _page(request, project, found, status=422, revise_form=form)


def _content(found: EvidenceItem, form: ReviseForm, sent: Any) -> Content:
    if found.kind == EvidenceKind.LINK:
        return LinkIn(
            form.cleaned_data["url"] or (found.revision.url if found.revision else ""), form.cleaned_data["seen_note"]
        )
    if found.kind != EvidenceKind.FILE:
        raise RuleBroken(_("A record is pinned anew where it comes from."))
    if sent is None:
        raise RuleBroken(_("Choose the newer file."), field="file")
    incoming = files.receive(sent.chunks(), most=int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
    return FileIn(incoming, sent.name or "")


@project_view(post="evidence.add")
def withdraw(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Say that it no longer counts."""
    found = found_item(request, project, key)
    try:
        withdraw_item(
            acting_user=request.user,
            project=project,
            key=key,
            version=parse_version(request.POST.get("version")),
            why=request.POST.get("why", ""),
        )
    except RuleBroken as error:
        return _page(request, project, found, problem=str(error), status=422)
    messages.success(request, _("%(key)s no longer counts. It stays readable.") % {"key": key})
    return redirect("evidence_item", project.slug, key)


@project_view(post="evidence.add")
def prove(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Link it to activities."""
    found = found_item(request, project, key)
    typed = request.POST.get("refs", "")[:2000]
    refs = refs_of(typed)
    try:
        if not refs:
            raise RuleBroken(_("Name the activities that it proves."))
        link_activities(acting_user=request.user, project=project, items=[found], refs=refs)
    except RuleBroken as error:
        return _page(request, project, found, problem=str(error), status=422, typed=typed)
    return redirect("evidence_item", project.slug, key)


@project_view(post="evidence.add")
def unprove(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Take it off an activity, or off what a higher app lets it prove."""
    found = found_item(request, project, key)
    kind = request.POST.get("kind", "")
    if kind and kind not in dict(seen_kinds(request.access)):
        raise Http404
    try:
        if kind:
            link_kinds[kind].unlink(
                acting_user=request.user, project=project, item=found, key=request.POST.get("ref", "")[:100]
            )
            return redirect("evidence_item", project.slug, key)
        unlink_activity(acting_user=request.user, project=project, item=found, ref=request.POST.get("ref", "")[:30])
    except RuleBroken as error:
        return _page(request, project, found, problem=str(error), status=422)
    return redirect("evidence_item", project.slug, key)
