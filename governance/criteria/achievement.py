"""What the gap analysis says at a gate: the achievement analysis of the phase, and what is still unmet."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gapanalysis.choices import PHASE_OF, AssessmentState, Instrument
from gapanalysis.domain.answers import GAPS, Value
from gapanalysis.models import Assessment
from gapanalysis.selectors import latest_answers
from gapanalysis.selectors.instrument import texts_of_questions
from gapanalysis.selectors.progress import progress_by_assessment
from governance.registries import GateCriterion, Reading, register_gate_criterion
from projects.models import Project

KIND_OF = {phase: kind for kind, phase in PHASE_OF.items()}


def analysis_locked(project: Project, gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """The achievement analysis of the phase is locked. Two queries."""
    found = list(Assessment.objects.filter(project=project, kind=KIND_OF[gate]).order_by("-pk"))
    locked = next((each for each in found if each.state == AssessmentState.LOCKED), None)
    newest = locked or (found[0] if found else None)
    source, url = _("Gap analysis"), reverse("gap", args=[project.slug])
    if newest is None:
        return Reading(False, "–", _("locked"), _("it has not been started"), source, url)
    url = reverse("gap_assessment", args=[project.slug, newest.key])
    progress = progress_by_assessment([newest]).get(newest.pk)
    asked, answered = (progress.asked, progress.answered) if progress is not None else (0, 0)
    value = _("%(n)d of %(of)d") % {"n": answered, "of": asked}
    share = answered / asked if asked else None
    if locked is not None:
        return Reading(True, value, _("locked"), "", source, url, share=share, mark=1.0, plain=answered)
    detail = (
        _("%(title)s is in review: lock it") if newest.state == AssessmentState.REVIEW else _("%(title)s is not locked")
    ) % {"title": newest.title}
    return Reading(False, value, _("locked"), detail, source, url, share=share, mark=1.0, plain=answered)


def nothing_unmet(project: Project, _gate: int, _threshold: Decimal | None, _day: date) -> Reading:
    """By what was last said in a locked assessment, every requirement of the project's edition conforms. Two queries.

    A requirement that nobody has answered yet counts as not met: nothing shows that it is.
    """
    answers = latest_answers(project)
    said = {
        ref: answer
        for ref, answer in answers.items()
        if answer.question.instrument == Instrument.REQUIREMENT and _asked_in(project, answer.question)
    }
    source, url = _("Gap analysis"), reverse("gap", args=[project.slug])
    if not said:
        return Reading(False, "–", _("none"), _("no assessment is locked yet"), source, url)
    newest = max((each.assessment for each in said.values()), key=lambda each: (each.locked_at, each.pk))
    url = reverse("gap_results", args=[project.slug, newest.key])
    asked = [
        each.ref
        for each in texts_of_questions([newest.questionnaire]).values()
        if each.instrument == Instrument.REQUIREMENT and each.clauses[project.edition]
    ]
    gaps = [answer for answer in said.values() if Value(answer.value) in GAPS]
    major = sum(answer.value == Value.MAJOR for answer in gaps)
    silent = sum(ref not in said for ref in asked)
    words = [_("as of %(title)s") % {"title": newest.title}]
    if major:
        words.append(ngettext("%(n)d major gap", "%(n)d major gaps", major) % {"n": major})
    if silent:
        words.append(ngettext("%(n)d not answered yet", "%(n)d not answered yet", silent) % {"n": silent})
    return Reading(
        not gaps and not silent,
        _("%(n)d of %(of)d") % {"n": len(gaps) + silent, "of": len(said) + silent},
        _("none"),
        "; ".join(words),
        source,
        url,
        plain=len(gaps) + silent,
    )


def _asked_in(project: Project, question: object) -> bool:
    return bool(getattr(question, "clauses_2018" if project.edition == "2018" else "clauses_2011"))


def register() -> None:
    """Ask for the first where a phase ends, for the second before the audit of stage 1 is booked."""
    register_gate_criterion(
        "achievement-analysis",
        GateCriterion(
            gettext_lazy("Achievement analysis locked"),
            (1, 2, 3),
            analysis_locked,
            may_be_waived=False,
            help=gettext_lazy(
                "The achievement analysis of the phase was answered, reviewed and locked, so that the decision rests "
                "on what was found and not on what was reported."
            ),
        ),
        order=20,
    )
    register_gate_criterion(
        "nothing-unmet",
        GateCriterion(
            gettext_lazy("Requirements not met"),
            (4,),
            nothing_unmet,
            help=gettext_lazy("By the newest locked assessment no requirement shows a gap."),
        ),
        order=21,
    )
