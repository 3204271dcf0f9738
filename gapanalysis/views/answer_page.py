"""The page of one question, whole and in the parts that a save while typing renews."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock
from gapanalysis.choices import AnswerValue, Asked, Instrument, Reading
from gapanalysis.domain.answers import GAPS, Value, is_worse
from gapanalysis.domain.ladder import RUNGS, known_rungs, standing_of
from gapanalysis.forms.answering import AnswerForm
from gapanalysis.models import Answer, Assessment, Finding
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import is_answered, sections_of
from gapanalysis.selectors.answering import Served, activities_of, others_here, outline_of
from gapanalysis.selectors.proof import proof_of_answer
from gapanalysis.selectors.sections import section_title
from gapanalysis.selectors.talk import COMMENTED, comment_key
from gapanalysis.services.saving import FIELDS, Saved, values_of, version_of
from gapanalysis.templatetags.gap_ui import answer_word, rung_word
from notifications.selectors.thread import thread_of
from phases.selectors.clauses import clauses_of
from projects.access import ProjectRequest
from projects.models import Party, Project

SAYS = {
    AnswerValue.CONFORMS: _("Met, and it can be shown"),
    AnswerValue.MINOR: _("Met in the main; a part is missing or not followed"),
    AnswerValue.MAJOR: _("Not met, or only for some services"),
    AnswerValue.NO_CASE: _("The way is there; nothing has happened yet"),
    AnswerValue.EXCLUDED: _("Left out: conformity cannot be claimed"),
}
RATINGS = (_("Not so"), _("Hardly"), _("In part"), _("Mostly"), _("Wholly so"))
LABELS = {
    "value": _("Answer"),
    "rungs": _("Rungs"),
    "rating": _("Rating"),
    "note": _("Note"),
    "evidence_note": _("Where the proof is"),
    "gap": _("What is wrong"),
    "impact": _("What it causes"),
    "recommendation": _("What to do"),
    "owner": _("Who sees to it"),
}
KEYS = (
    ("j", _("Save, and to the next question")),
    ("k", _("Back")),
    ("o", _("To the next open question")),
    ("1 – 5", _("Choose an answer")),
    ("0", _("Take the answer back")),
    ("c", _("The earlier answer still holds")),
    ("n", _("Write the note")),
    ("f", _("Write the finding")),
    ("l", _("Leave it for later")),
    ("Esc", _("Leave a field, so that keys work again")),
)


def finding_of(answer: Answer) -> Finding | None:
    """The finding of a row that was read with it."""
    try:
        return answer.finding
    except Finding.DoesNotExist:
        return None


def answer_page(
    request: ProjectRequest,
    project: Project,
    answer: Answer,
    status: int = 200,
    saved: Saved | None = None,
    form: AnswerForm | None = None,
    proof_more: Mapping[str, Any] | None = None,
    **typed: Any,
) -> HttpResponse:
    """The whole page. After a save that was refused in part, `saved` and `form` hold what stays to be put right;
    `proof_more` is what was sought among the evidence, or went wrong with it."""
    frame = _frame(request, project, answer)
    served = activities_of(project, answer.question.activities)
    context = {
        **frame,
        **_form(project, answer, saved, form),
        **_earlier(answer),
        "served": served,
        "proof": proof_context(
            request, project, answer, served=served, may_answer=frame["may_answer"], **(proof_more or {})
        ),
        "clauses": [
            *clauses_of("2018", answer.question.clauses_2018),
            *clauses_of("2011", answer.question.clauses_2011),
        ],
        "asked_because": "" if answer.asked == Asked.ALL else answer.get_asked_display(),
        "page_keys": KEYS,
        "conflict": saved.clashes if saved else (),
        **thread_context(request, project, answer),
        **typed,
    }
    return render(request, "gapanalysis/answer.html", context, status=status)


def saved_parts(
    request: ProjectRequest, project: Project, answer: Answer, saved: Saved, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    """What a save while typing renews: what is saved, what is wrong, the version, progress; never what is typed.

    `answer` is the row as it was read with all that hangs on it.
    """
    saved.answer.before = answer.before
    context = {
        **_frame(request, project, saved.answer),
        **_form(project, saved.answer, saved, form),
        **_earlier(saved.answer),
        "conflict": saved.clashes,
        "theirs": saved.theirs,
        "sent": form.sent,
        "oob": True,
    }
    # Without the frame of a page, which would ask for the sidebar.
    return HttpResponse(render_to_string("gapanalysis/_answer_saved.html", context), status=status)


def proof_context(
    request: ProjectRequest,
    project: Project,
    answer: Answer,
    *,
    served: Sequence[Served] | None = None,
    may_answer: bool | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What shows the answer, what might, and the ways to add to it. Three queries at most.

    `more`: `sought` and `found` of a search, `problem` and `typed` of what was refused.
    """
    if may_answer is None:
        sections = sections_of(answer.assessment, request.user)
        may_answer = bool(can_answer(request.access, answer.assessment, answer.question.section, sections))
    may_add = bool(request.access.can("evidence.add"))
    return {
        "shown": proof_of_answer(project, request.access, answer, suggest=may_add and may_answer),
        "may_link": may_add and may_answer,
        "may_pin": may_add and is_answered(answer),
        "served": activities_of(project, answer.question.activities) if served is None else served,
        "problem": "",
        "sought": "",
        "found": None,
        "typed": {},
        "largest": int(settings.EVIDENCE_FILE_MB),
        **more,
    }


def thread_context(request: ProjectRequest, project: Project, answer: Answer) -> dict[str, Any]:
    """The comments on the question, and the form for one more."""
    may_write = request.access.can("comments.write")
    arguments = [project.slug, answer.assessment.key, answer.question.ref]
    return {
        "thread": thread_of(project, request.access, request.user, COMMENTED, comment_key(answer)),
        "may_comment": bool(may_write),
        "why_no_comment": may_write.reason,
        "nonce": uuid4(),
        "comment_action": reverse("gap_answer_comment", args=arguments),
        "read_action": reverse("gap_answer_comments_read", args=arguments),
        "nobody_said": _("Nobody has commented yet. Ask here what you cannot answer alone."),
        "time_zone": project.time_zone,
    }


def crumbs(project: Project, assessment: Assessment, last: str) -> list[dict[str, str]]:
    """The way to a page of an assessment."""
    return [
        {"label": str(_("Portfolio")), "url": "/"},
        {"label": project.name, "url": reverse("dashboard", args=[project.slug])},
        {"label": str(_("Gap analysis")), "url": reverse("gap", args=[project.slug])},
        {"label": assessment.title, "url": reverse("gap_assessment", args=[project.slug, assessment.key])},
        {"label": last, "url": ""},
    ]


def here_context(request: ProjectRequest, answer: Answer) -> dict[str, Any]:
    """What somebody on the page of a question should hear of: it was changed, or can no longer be answered."""
    may = can_answer(
        request.access, answer.assessment, answer.question.section, sections_of(answer.assessment, request.user)
    )
    seen = request.POST.get("seen", "")
    return {
        "project": request.project,
        "assessment": answer.assessment,
        "answer": answer,
        "others": others_here(answer, request.user),
        "moved": bool(seen) and seen != version_of(answer, finding_of(answer)),
        "shut": may.reason,
    }


def _frame(request: ProjectRequest, project: Project, answer: Answer) -> dict[str, Any]:
    """What surrounds the form: sections, the way through, and whether the person may answer."""
    assessment, question = answer.assessment, answer.question
    outline = outline_of(assessment, request.user)
    section = outline.section(question.section)
    refs = [line.ref for line in section.lines] if section else []
    may = can_answer(request.access, assessment, question.section, outline.mine)
    return {
        "project": project,
        "assessment": assessment,
        "crumbs": crumbs(project, assessment, question.ref),
        "answer": answer,
        "question": question,
        "outline": outline,
        "section": section,
        "section_title": section_title(question.section),
        "place": refs.index(question.ref) + 1 if question.ref in refs else 0,
        "before_ref": outline.beside(question.ref, -1),
        "next_ref": outline.beside(question.ref, 1),
        "next_open": outline.next_open(question.ref),
        "may_answer": bool(may),
        "why_not": may.reason,
        "may_manage": bool(request.access.can("gap.manage")),
    }


def _form(project: Project, answer: Answer, saved: Saved | None, form: AnswerForm | None) -> dict[str, Any]:
    """The fields: what each shows, what stands, what is wrong with it."""
    finding = saved.finding if saved else finding_of(answer)
    stands = values_of(answer, finding)
    sent = form.sent if form else {}
    shown, was = dict(stands), dict(stands)
    for name, one in sent.items():
        if one.now != one.was and one.now != stands[name]:
            shown[name] = one.now
    for clash in saved.clashes if saved else ():
        was[clash.name] = sent[clash.name].was
    at = clock.now() if saved else answer.answered_at
    value = str(shown["value"])
    rungs = known_rungs(shown["rungs"])
    parties = [party for party in Party.objects.filter(project=project).order_by("name") if _offered(party, stands)]
    names = {party.pk: party.name for party in parties}
    return {
        "shown": shown,
        "was": [(name, ",".join(text) if isinstance(text, list) else _plain(text)) for name, text in was.items()],
        "version": form.version if saved and saved.clashes and form else version_of(answer, finding),
        "over": version_of(answer, finding),
        "wrong": saved.wrong if saved else {},
        "labels": LABELS,
        "fields": FIELDS,
        "finding": finding,
        "is_gap": answer.question.instrument == Instrument.REQUIREMENT and value in GAPS,
        "is_answered": is_answered(answer),
        "clash_by": saved.by if saved else None,
        "clash_at": saved.at if saved else None,
        "saved_at": at,
        "saved_today": at is not None and clock.day_of(at, project.time_zone) == clock.today(project.time_zone),
        "choices": [
            (one.value, answer_word(one), says, str(number)) for number, (one, says) in enumerate(SAYS.items(), 1)
        ],
        "rungs": [
            (rung.value, rung_word(rung), answer.question.extra.get("rungs", {}).get(rung.value, ""), rung in rungs)
            for rung in RUNGS
        ],
        "standing": standing_of(rungs),
        "above": ", ".join(rung_word(rung).lower() for rung in standing_of(rungs).above),
        "ratings": list(enumerate(RATINGS)),
        "parties": parties,
        "pairs": [
            (
                clash.name,
                LABELS[clash.name],
                _words(clash.name, clash.theirs, names),
                _words(clash.name, clash.mine, names),
            )
            for clash in (saved.clashes if saved else ())
        ],
    }


def _earlier(answer: Answer) -> dict[str, Any]:
    """The answer of the assessment that this one started from, and what has become of it."""
    before = answer.before
    if before is None or not is_answered(before):
        return {"before": None}
    since = ""
    if answer.question.instrument == Instrument.REQUIREMENT and answer.value != AnswerValue.UNANSWERED:
        now, then = Value(answer.value), Value(before.value)
        since = "same" if now == then else "worse" if is_worse(now, then) else "better"
    return {
        "before": before,
        "before_finding": finding_of(before),
        "before_rungs": [rung_word(rung) for rung in known_rungs(before.rungs)],
        "before_standing": standing_of(known_rungs(before.rungs)),
        "since": since,
        "to_confirm": answer.reading == Reading.OPEN,
    }


def _offered(party: Party, stands: dict[str, Any]) -> bool:
    return party.is_active or party.pk == stands["owner"]


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _words(name: str, value: Any, parties: dict[int, str]) -> str:
    """A value of a field as people read it."""
    if name == "value":
        return answer_word(value)
    if name == "owner":
        return parties.get(value, "")
    if isinstance(value, list):
        return ", ".join(rung_word(rung) for rung in known_rungs(value))
    return _plain(value)
