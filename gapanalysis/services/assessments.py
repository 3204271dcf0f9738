"""Starting an assessment, who answers it, and its way to being locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from gapanalysis.choices import (
    NEXT_STATES,
    PHASE_OF,
    AnswerValue,
    AssessmentKind,
    AssessmentState,
    Instrument,
    Reading,
)
from gapanalysis.domain.answers import Value
from gapanalysis.domain.selection import Candidate, at_phase_end, everything
from gapanalysis.models import Answer, Assessment, Assessor, Question
from gapanalysis.selectors import content_sha256, free_key, latest_answers, newest_questionnaire
from gapanalysis.services.proposals import store_proposals
from phases.models import PhaseActivity
from projects.models import Party, Project
from projects.services.guards import require_capability, write_versioned

LONGEST_TITLE = 120
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class AssessmentPlan:
    """What a person decides about an assessment before it starts. `small` asks only what very small entities need."""

    kind: str
    title: str
    scope: str = ""
    method: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    small: bool = False


@transaction.atomic
def start_assessment(
    *, acting_user: User | None, project: Project, plan: AssessmentPlan, started_from: Assessment | None = None
) -> Assessment:
    """Make an assessment with the questions that its kind asks, as a draft. One trail event.

    With `started_from`, a locked one, its answers stand beside and its version of the questions is kept; else the
    newest version is taken. Raises NotPermitted; RuleBroken for texts, dates, a second baseline, or where no
    questionnaire is loaded; Assessment.DoesNotExist for another project's.
    """
    require_capability(acting_user, "gap.manage", project)
    values = _checked(plan)
    if started_from is not None and started_from.project_id != project.pk:
        raise Assessment.DoesNotExist
    if started_from is not None and not started_from.is_locked:
        raise RuleBroken(_("Lock that assessment first, or start without it."), field="started_from")
    kind = AssessmentKind(plan.kind)
    if kind == AssessmentKind.BASELINE and Assessment.objects.filter(project=project, kind=kind).exists():
        raise RuleBroken(_("This project has its baseline. Choose another kind."), field="kind")
    questionnaire = started_from.questionnaire if started_from is not None else newest_questionnaire()
    if questionnaire is None:
        raise RuleBroken(_("No questions are loaded yet. An administrator runs load_content."))
    assessment = Assessment.objects.create(
        project=project,
        questionnaire=questionnaire,
        key=free_key(project, _short_name(kind, str(values["title"]))),
        started_from=started_from,
        kind=kind,
        is_small=plan.small,
        created_at=clock.now(),
        **values,
    )
    asked = _ask(assessment)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "start assessment",
            "assessment",
            assessment.key,
            assessment.title,
            {
                "kind": [None, kind.value],
                "questions": [None, asked],
                "questionnaire": [None, f"{questionnaire.pack} {questionnaire.version}"],
                "started from": [None, started_from.key if started_from else None],
            },
        ),
    )
    return assessment


@transaction.atomic
def change_assessment(
    *, acting_user: User | None, project: Project, assessment: Assessment, version: int, plan: AssessmentPlan
) -> Assessment:
    """Change title, scope, method and dates while it is not locked; kind and questions stay.

    Raises NotPermitted, RuleBroken, StaleWrite, and Assessment.DoesNotExist for another project's.
    """
    require_capability(acting_user, "gap.manage", project)
    fresh = _own(project, assessment)
    if fresh.is_locked:
        raise RuleBroken(_("This assessment is locked. What it says never changes again."))
    values = _checked(plan)
    changes = {name: [_plain(getattr(fresh, name)), _plain(new)] for name, new in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return fresh
    write_versioned(
        fresh,
        version=version,
        values=values,
        shown={name: pair[0] or "" for name, pair in changes.items()},
        sent={name: pair[1] or "" for name, pair in changes.items()},
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("change", "assessment", fresh.key, fresh.title, changes),
    )
    return fresh


@transaction.atomic
def move_assessment(
    *, acting_user: User | None, project: Project, assessment: Assessment, version: int, state: str
) -> Assessment:
    """Open an assessment, hand it to review, take it back, or lock it for good.

    Locking keeps a hash over all that it says, and what it proposes for the plan. Raises NotPermitted, RuleBroken for
    a step that is not there or where nothing was answered, StaleWrite, and Assessment.DoesNotExist for another
    project's.
    """
    to = AssessmentState(state)
    require_capability(acting_user, "gap.lock" if to == AssessmentState.LOCKED else "gap.manage", project)
    fresh = _own(project, assessment)
    was = AssessmentState(fresh.state)
    if to == was:
        return fresh
    if to not in NEXT_STATES[was]:
        raise RuleBroken(
            _("An assessment that is %(was)s cannot become %(to)s.")
            % {"was": was.label.lower(), "to": to.label.lower()}
        )
    values: dict[str, object] = {"state": to}
    changes: dict[str, object] = {"state": [was.value, to.value]}
    if to == AssessmentState.LOCKED:
        answers = Answer.objects.filter(assessment=fresh, question__instrument=Instrument.REQUIREMENT)
        if not answers.exclude(value=AnswerValue.UNANSWERED).exists():
            raise RuleBroken(_("Nothing has been answered yet. Answer first, then lock."))
        digest = content_sha256(fresh)
        values |= {"locked_at": clock.now(), "locked_by": acting_user, "frozen_sha256": digest}
        changes |= {
            "content sha256": [None, digest],
            "unanswered": [None, answers.filter(value=AnswerValue.UNANSWERED).count()],
        }
    write_versioned(fresh, version=version, values=values, shown={_("State"): was.label}, sent={_("State"): to.label})
    if to == AssessmentState.LOCKED:
        changes["proposals"] = [None, store_proposals(fresh)[0]]
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("move assessment", "assessment", fresh.key, fresh.title, changes),
    )
    return fresh


@transaction.atomic
def set_assessors(
    *,
    acting_user: User | None,
    project: Project,
    assessment: Assessment,
    given: Mapping[Party, Sequence[str]],
    version: int | None = None,
) -> list[Assessor]:
    """Say who answers what: each party its sections, or all of it with none. Replaces what was said before.

    `version` is the one of the assessment that a person saw (None: no person did). Raises NotPermitted, RuleBroken
    for a section that the assessment does not have or a locked one, StaleWrite where it has moved on meanwhile, and
    Party.DoesNotExist for another project's.
    """
    require_capability(acting_user, "gap.manage", project)
    fresh = _own(project, assessment)
    if fresh.is_locked:
        raise RuleBroken(_("This assessment is locked. What it says never changes again."))
    known = set(Answer.objects.filter(assessment=fresh).values_list("question__section", flat=True))
    for party, sections in given.items():
        if party.project_id != project.pk:
            raise Party.DoesNotExist
        if unknown := set(sections) - known:
            raise RuleBroken(_("There is no section %(names)s here.") % {"names": ", ".join(sorted(unknown))})
    before = {
        assessor.party.name: assessor.sections
        for assessor in Assessor.objects.filter(assessment=fresh).select_related("party")
    }
    after = {party.name: sorted(set(sections)) for party, sections in given.items()}
    if before == after:
        return list(Assessor.objects.filter(assessment=fresh))
    write_versioned(
        fresh,
        version=fresh.version if version is None else version,
        values={},
        shown=_said_of(before),
        sent=_said_of(after),
    )
    Assessor.objects.filter(assessment=fresh).delete()
    made = Assessor.objects.bulk_create(
        Assessor(project=project, assessment=fresh, party=party, sections=sorted(set(sections)))
        for party, sections in given.items()
    )
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("set assessors", "assessment", fresh.key, fresh.title, {"assessors": [before, after]}),
    )
    return made


def _said_of(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Who answers what, as a person reads it."""
    return {name: ", ".join(sections) or _("all of it") for name, sections in given.items()}


def _own(project: Project, assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("questionnaire").get(pk=assessment.pk, project=project)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _short_name(kind: AssessmentKind, title: str) -> str:
    return title if kind == AssessmentKind.AD_HOC else kind.value


def _checked(plan: AssessmentPlan) -> dict[str, str | date | None]:
    title = clean_line(plan.title)
    if not title:
        raise RuleBroken(_("Give the assessment a title, such as Baseline, March 2026."), field="title")
    if len(title) > LONGEST_TITLE:
        raise RuleBroken(_("Write a title of %(most)d characters at most.") % {"most": LONGEST_TITLE}, field="title")
    if plan.kind not in AssessmentKind.values:
        raise RuleBroken(_("Choose a kind from the list."), field="kind")
    texts = {"scope": clean_text(plan.scope), "method": clean_text(plan.method)}
    for name, text in texts.items():
        if len(text) > LONGEST_TEXT:
            raise RuleBroken(_("Write %(most)d characters at most.") % {"most": LONGEST_TEXT}, field=name)
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise RuleBroken(_("The end lies before the beginning."), field="ends_on")
    return {"title": title, **texts, "starts_on": plan.starts_on, "ends_on": plan.ends_on}


def _ask(assessment: Assessment) -> int:
    """Make the rows of what the assessment asks; return how many."""
    project = assessment.project
    questions = list(Question.objects.filter(questionnaire=assessment.questionnaire).order_by("position"))
    candidates = [
        Candidate(question.ref, frozenset(question.activities), question.is_small)
        for question in questions
        if question.instrument == Instrument.REQUIREMENT
    ]
    earlier = latest_answers(project, assessment) if Assessment.objects.locked().filter(project=project) else {}
    phase = PHASE_OF.get(AssessmentKind(assessment.kind))
    if phase is None:
        asked = everything(candidates, small=assessment.is_small)
    else:
        asked = at_phase_end(
            candidates,
            phase_activities=set(
                PhaseActivity.objects.filter(project=project, phase_number=phase).values_list(
                    "activity__catalogue_activity__ref", flat=True
                )
            ),
            earlier={ref: Value(answer.value) for ref, answer in earlier.items()},
            seed=f"{project.uuid} {phase}",
            small=assessment.is_small,
        )
    rows = []
    for question in questions:
        if question.instrument == Instrument.REQUIREMENT and question.ref not in asked:
            continue
        before = earlier.get(question.ref) if assessment.started_from_id is not None or phase else None
        rows.append(
            Answer(
                project=project,
                assessment=assessment,
                question=question,
                asked=asked.get(question.ref, "all"),
                before=before,
                reading=Reading.OPEN if before is not None else Reading.NEW,
            )
        )
    Answer.objects.bulk_create(rows)
    return len(rows)
