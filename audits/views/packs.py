"""Evidence packs: the list, building one with a look at what will be in it, one with who fetched it, and a check."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audits.domain.pack_state import PackState
from audits.forms.packs import MULTIPLE, SINGLE, CheckForm, PackForm
from audits.models import EvidencePack
from audits.pack_build import PARTS
from audits.pack_check import MOST_MB, MOST_SIGNATURE, check_pack
from audits.pack_pages import scope_words
from audits.pack_plan import plan_of
from audits.pack_sign import ENDING, is_signing
from audits.selectors.pack_cut import cut_at, cut_of
from audits.selectors.pack_state import state_at
from audits.selectors.packs import KEEP_DAYS, fetches_of, may_fetch, pack_line, pack_of, pack_path, packs_of
from audits.services.packs import ask_for_pack, fetch_pack
from common.exceptions import RuleBroken
from common.query import form_nonce, read_query, whole_number
from jobs.selectors import job_view
from phases.selectors.as_of import first_day
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import require

PER_PAGE = 25
SHOWN_GAPS = 12
ZIP = "application/zip"


@project_view("packs.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """The packs that were asked for, newest first."""
    values, _lists = read_query(request.GET, single=("page",))
    paginator = Paginator(packs_of(project), PER_PAGE)
    number = whole_number("page", values["page"])
    if number is not None and not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number or 1)
    lines = [pack_line(pack) for pack in page.object_list]
    context = {
        "project": project,
        "rows": [{"line": line, "scope": scope_words(line.options)} for line in lines],
        "page_obj": page,
        "may_build": bool(request.access.can("packs.build")),
    }
    return render(request, "audits/packs.html", context)


@project_view("packs.build", post="packs.build")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Choose what goes in and look at it (GET); build it (POST)."""
    sent = request.POST if request.method == "POST" else request.GET
    more = ("csrfmiddlewaretoken", "nonce", "reason") if request.method == "POST" else ()
    values, lists = read_query(sent, single=(*SINGLE, *more), multiple=MULTIPLE, longest=400)
    data = _with_usual(project, values, lists)
    form = PackForm(data, project=project, edition=str(data["edition"]))
    preview: dict[str, Any] = {}
    status, problem = 200, ""
    if form.is_valid():
        try:
            if request.method == "POST":
                pack = ask_for_pack(
                    acting_user=request.user,
                    project=project,
                    options=form.options(),
                    reason=values["reason"],
                    as_of=form.chosen_day(),
                    nonce=form_nonce(values["nonce"]),
                )
                return redirect("pack", project.slug, pack.ref)
            preview = _preview(request, project, form)
        except RuleBroken as error:
            status = 422
            if error.field == "reason":
                problem = str(error)
                preview = _preview(request, project, form)
            else:
                name = {"clauses": "clause", "components": "component", "phases": "phase"}.get(error.field, error.field)
                form.add_error(name if name in form.fields else None, str(error))
    else:
        status = 422
    context = {
        "project": project,
        "form": form,
        "preview": preview,
        "chosen": [(name, value) for name in (*SINGLE, *MULTIPLE) for value in data.getlist(name) if value],
        "reason": values.get("reason", ""),
        "problem": problem,
        "nonce": values.get("nonce") or uuid4(),
        "first_day": first_day(project),
    }
    return render(request, "audits/pack_new.html", context, status=status)


def _with_usual(project: Project, values: Any, lists: Any) -> QueryDict:
    """What was chosen, and the usual choice where nothing was."""
    data = QueryDict(mutable=True)
    usual = {"edition": project.edition, "classification": "confidential", "revisions": "current"}
    for name in SINGLE:
        data[name] = values[name] or usual.get(name, "")
    for name in MULTIPLE:
        data.setlist(name, lists[name])
    return data


def _preview(request: ProjectRequest, project: Project, form: PackForm) -> dict[str, Any]:
    """What a pack with these choices will hold, and what will be missing in it."""
    options = form.options()
    cut = cut_of(project, form.chosen_day())
    state = state_at(project, request.access, cut, options)
    plan = plan_of(state)
    lacking = [each for each in state.clauses if each.lacks]
    return {
        "scope": scope_words(options),
        "cut": cut,
        "counts": _counts(state),
        "files": len(plan.files),
        "size": plan.size,
        "lacking": lacking[:SHOWN_GAPS],
        "more_lacking": max(0, len(lacking) - SHOWN_GAPS),
        "left_out": state.left_out[:SHOWN_GAPS],
        "more_left_out": max(0, len(state.left_out) - SHOWN_GAPS),
        "is_empty": not (state.items or state.documents or state.activities),
        "is_signing": is_signing(),
    }


def _counts(state: PackState) -> dict[str, int]:
    return {
        "clauses": len(state.clauses),
        "activities": len(state.activities),
        "documents": len(state.documents),
        "evidence": len(state.items),
        "answers": len(state.answers),
        "findings": len(state.findings),
        "decisions": len(state.decisions),
    }


@project_view("packs.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One pack: how it stands, what is in it, who took it away."""
    read_query(request.GET)
    pack = _found(project, ref)
    line = pack_line(pack)
    is_mine = pack.job is not None and pack.job.requester_id == request.user.pk
    context = {
        "project": project,
        "line": line,
        "pack": pack,
        "scope": scope_words(line.options),
        "cut": cut_at(project, pack.cut_seq),
        "fetches": fetches_of(pack),
        "may_fetch": may_fetch(pack, request.access),
        "row": job_view(pack.job) if pack.job is not None and is_mine and pack.job.is_active else None,
        "has_signature": bool(pack.signed_by) and pack_path(pack).with_name(f"{pack.ref}.zip{ENDING}").is_file(),
        "keep_days": KEEP_DAYS,
        "again": _again(pack),
    }
    return render(request, "audits/pack.html", context)


def _again(pack: EvidencePack) -> str:
    """The address that chooses the same once more."""
    data = QueryDict(mutable=True)
    for name in SINGLE:
        if pack.options.get(name):
            data[name] = str(pack.options[name])
    for name, plural in zip(MULTIPLE, ("clauses", "components", "phases"), strict=True):
        data.setlist(name, [str(each) for each in pack.options.get(plural, ())])
    return data.urlencode()


@project_view(post="packs.build")
def fetch(request: ProjectRequest, project: Project, ref: str) -> HttpResponseBase:
    """Take a pack away: rights are looked at again, and who took it is kept."""
    read_query(request.POST, single=("csrfmiddlewaretoken",))
    pack = _found(project, ref)
    path = fetch_pack(acting_user=request.user, pack=pack)
    return FileResponse(path.open("rb"), as_attachment=True, filename=pack.file_name, content_type=ZIP)


@project_view("packs.build")
def signature(request: ProjectRequest, project: Project, ref: str) -> HttpResponseBase:
    """The signature that belongs beside the file of a pack."""
    read_query(request.GET)
    pack = _found(project, ref)
    beside = pack_path(pack).with_name(f"{pack.ref}.zip{ENDING}")
    require(may_fetch(pack, request.access))
    if not pack.signed_by or not beside.is_file():
        raise RuleBroken(_("%(ref)s has no signature.") % {"ref": pack.ref})
    return FileResponse(
        beside.open("rb"),
        as_attachment=True,
        filename=f"{pack.file_name}{ENDING}",
        content_type="application/pkcs7-signature",
    )


@project_view("packs.view", post="packs.view")
def check(request: ProjectRequest, project: Project) -> HttpResponse:
    """Check a pack that somebody has, as `verify_pack.py` does; nothing of it is kept."""
    context: dict[str, Any] = {"project": project, "form": CheckForm(), "most": MOST_MB}
    if request.method != "POST":
        read_query(request.GET)
        return render(request, "audits/pack_check.html", context)
    # A browser names an empty field for a file among the plain ones.
    read_query(request.POST, single=("csrfmiddlewaretoken", "pack", "signature"))
    form = CheckForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        sent, beside = form.cleaned_data["pack"], form.cleaned_data["signature"]
        try:
            if beside is not None and beside.size > MOST_SIGNATURE:
                raise RuleBroken(_("This is no signature: it is too large."), field="signature")
            seal = beside.read() if beside is not None else b""
            context["checked"] = check_pack(project, str(sent.name)[-120:], sent.chunks(), seal)
            status = 200
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context["form"] = form
    return render(request, "audits/pack_check.html", context, status=status)


@project_view("packs.view")
def program(request: ProjectRequest, project: Project) -> HttpResponseBase:
    """The program that verifies packs, as it is in each of them."""
    read_query(request.GET)
    return FileResponse(
        (PARTS / "verify_pack.py").open("rb"),
        as_attachment=True,
        filename="verify_pack.py",
        content_type="text/x-python",
    )


def _found(project: Project, ref: str) -> EvidencePack:
    pack = pack_of(project, ref)
    if pack is None:
        raise Http404
    return pack
