"""Adding evidence: one file, several, or a link."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query, single_values, whole_number
from evidence import files
from evidence.asking import asked_here, give_added
from evidence.choices import Classification
from evidence.domain.freshness import next_month
from evidence.exceptions import NoRoom
from evidence.forms.items import AddForm
from evidence.models import EvidenceItem, IncomingFile
from evidence.selectors import same_content
from evidence.selectors.uploads import uploads_on_their_way
from evidence.services.intake import take_in_file
from evidence.services.items import Facts, LinkIn, add_evidence
from evidence.services.links import activities_of
from evidence.services.quota import MEGABYTE
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.permissions import Access

MOST_FILES = 200


@project_view("evidence.add", post="evidence.add")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """The form, and what was sent with it. Each of several files is taken or refused by itself."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("ref", "request", "month"))
        asked = asked_here(request, project, values["request"])
        if values["request"] and asked is None:
            messages.warning(request, _("What you add here is kept, but given for no request: it waits no longer."))
        ref = values["ref"] or (asked.ref if asked else "")
        initial: dict[str, Any] = {
            "refs": ref,
            "classification": Classification.INTERNAL,
            "request": asked.key if asked else "",
        }
        if values["month"]:
            initial |= _covering(values["month"])
        return _form(request, project, AddForm(initial=initial, project=project))
    form = AddForm(single_values(request.POST), project=project)
    sent = request.FILES.getlist("file")
    if not form.is_valid():
        return _form(request, project, form, status=422)
    facts, url = form.facts(form.cleaned_data["refs"]), form.cleaned_data["url"]
    if len(sent) > MOST_FILES:
        form.add_error(None, _("At most %(most)d files at once.") % {"most": MOST_FILES})
    elif not sent and not url:
        form.add_error(None, _("Choose a file, or give a link."))
    elif sent and url:
        form.add_error("url", _("Send the files first, then the link: they are two items."))
    try:
        activities_of(project, facts.refs)
    except RuleBroken as error:
        form.add_error("refs", str(error))
    if form.errors:
        return _form(request, project, form, status=422)
    if url:
        return _link(request, project, form, facts)
    return _files(request, project, form, sent, facts)


def _covering(month: str) -> dict[str, date]:
    """The days that a record of `month` ("2026-03") covers. Raises BadRequest for what is no month."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadRequest("month is not a month") from None
    if first.year not in range(2000, 2100):
        raise BadRequest("month is not a month")
    return {"covers_from": first, "covers_until": next_month(first) - timedelta(days=1)}


def _link(request: ProjectRequest, project: Project, form: AddForm, facts: Facts) -> HttpResponse:
    content = LinkIn(form.cleaned_data["url"], form.cleaned_data["seen_note"])
    try:
        item = add_evidence(acting_user=request.user, project=project, content=content, facts=facts)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _form(request, project, form, status=422)
    messages.success(request, _("%(key)s is kept.") % {"key": item.key})
    given = give_added(request, project, form.cleaned_data["request"], [item.key])
    return redirect(given or reverse("evidence_item", args=[project.slug, item.key]))


def _files(
    request: ProjectRequest, project: Project, form: AddForm, sent: list[UploadedFile], facts: Facts
) -> HttpResponse:
    made: list[EvidenceItem] = []
    held: list[IncomingFile] = []
    refused: list[tuple[str, str]] = []
    status = 422
    for each in sent:
        # One title for several files would say of each what is true of one.
        own = replace(facts, title=facts.title if len(sent) == 1 else "")
        try:
            incoming = files.receive(each.chunks(), most=int(settings.EVIDENCE_FILE_MB) * MEGABYTE)
            taken = take_in_file(
                acting_user=request.user,
                project=project,
                incoming=incoming,
                name=each.name or "",
                facts=own,
                asked=form.cleaned_data["request"],
            )
        except RuleBroken as error:
            refused.append((each.name or "", str(error)))
            if isinstance(error, NoRoom):
                status = 507
            continue
        if isinstance(taken, IncomingFile):
            held.append(taken)
        else:
            made.append(taken)
    given = give_added(request, project, form.cleaned_data["request"], [item.key for item in made])
    if refused:
        return _form(request, project, form, made=made, refused=refused, status=status)
    if made:
        messages.success(request, _kept_words(made, facts))
    if held:
        messages.warning(request, _held_words(project, request.access, held))
        if len(sent) == 1:
            return redirect("evidence_arrival", project.slug, held[0].uuid)
    elif given:
        return redirect(given)
    elif card := whole_number("back", request.POST.get("back", "")):
        # It was attached from My work: back to the card.
        return redirect(f"{reverse('my_work')}#w{card}")
    elif len(made) == 1:
        return redirect("evidence_item", project.slug, made[0].key)
    return redirect("evidence", project.slug)


def _kept_words(made: list[EvidenceItem], facts: Facts) -> str:
    if len(made) == 1 and facts.refs:
        return _("%(key)s is kept and linked to %(refs)s.") % {"key": made[0].key, "refs": ", ".join(facts.refs)}
    return ngettext("%(n)d item is kept.", "%(n)d items are kept.", len(made)) % {"n": len(made)}


def _held_words(project: Project, access: Access, held: list[IncomingFile]) -> str:
    if len(held) > 1:
        return _("%(n)d files are here already. Say below what becomes of each.") % {"n": len(held)}
    keys = ", ".join(item.key for item in same_content(project, access, held[0].sha256))
    return _("%(name)s: we have this already as %(keys)s. Link it instead, or say why it is kept twice.") % {
        "name": held[0].file_name,
        "keys": keys,
    }


def _form(
    request: ProjectRequest,
    project: Project,
    form: AddForm,
    *,
    made: list[EvidenceItem] | None = None,
    refused: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    key = str(form["request"].value() or "")
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "asked": asked_here(request, project, key),
        "made": made or [],
        "refused": refused or [],
        "on_their_way": uploads_on_their_way(project, request.user),
        "largest": int(settings.EVIDENCE_FILE_MB),
    }
    return render(request, "evidence/new.html", context, status=status)
