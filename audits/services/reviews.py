"""Management reviews: planned, prepared with what the system knows, held, written down, approved and frozen."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import ReviewState
from audits.models import Review, ReviewAttendance, ReviewInput
from audits.review_guide import inputs_of
from audits.selectors.review_facts import facts_for
from audits.selectors.review_sheets import Period
from audits.selectors.reviews import review_plain, writers_of
from audits.services.review_telling import tell_of_review, tell_people
from common import clock
from common.canonical import canonical_json, sha256_of
from common.exceptions import NotPermitted, RuleBroken
from documents.selectors import is_very_small
from evidence.choices import Classification
from evidence.services.records import pin_record
from governance.services.texts import line, lines
from projects.choices import Edition
from projects.models import Party, Project
from projects.services.guards import LAST_DAY, lock_project, refuse_stale, require_capability, write_versioned
from projects.services.refs import next_ref

RECORD_KIND = "management review"


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """When a review is held and what it looks back on; `people` are asked to it, beside the chair."""

    held_on: date
    covers_from: date
    covers_until: date
    edition: str = ""
    place: str = ""
    chair: Party | None = None
    people: Sequence[Party] = ()


@transaction.atomic
def plan_review(*, acting_user: User | None, project: Project, facts: ReviewFacts) -> Review:
    """Plan a review, with what the system knows today for each of its inputs. One trail event.

    One that was held already may be noted too. Raises NotPermitted, RuleBroken at the field that is wrong.
    """
    require_capability(acting_user, "review.prepare", project)
    edition = facts.edition or project.edition
    if edition not in Edition.values:
        raise RuleBroken(_("There is no such edition."), field="edition")
    values = _checked(project, facts)
    review = Review.objects.create(
        project=project, ref=next_ref(project, "MR"), edition=edition, created_at=clock.now(), **values
    )
    _ask(review, facts.people)
    _write_facts(review)
    tell_people(review, acting_user)
    tell_of_review(acting_user, review, "plan", {"held on": [None, review.held_on.isoformat()]})
    return review


@transaction.atomic
def change_review(*, acting_user: User | None, project: Project, ref: str, version: int, facts: ReviewFacts) -> Review:
    """Change when, where, what time it covers and who is asked. One trail event. The edition stays.

    Raises NotPermitted, StaleWrite, RuleBroken once it is approved or cancelled, Review.DoesNotExist.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    values = _checked(project, facts)
    if review.state == ReviewState.HELD and facts.held_on > clock.today(project.time_zone):
        raise RuleBroken(_("It was held: it cannot lie ahead."), field="held_on")
    changes = {name: [_plain(getattr(review, name)), _plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    moved = "held_on" in changes or "place" in changes
    write_versioned(
        review,
        version=version,
        values=values,
        shown={name: pair[0] or "" for name, pair in changes.items()},
        sent={name: pair[1] or "" for name, pair in changes.items()},
    )
    _ask(review, facts.people)
    if moved and review.state == ReviewState.PLANNED:
        tell_people(review, acting_user)
    tell_of_review(acting_user, review, "change", changes)
    return review


@transaction.atomic
def cancel_review(*, acting_user: User | None, project: Project, ref: str, version: int, why: str) -> Review:
    """Cancel a review that is planned, with words. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without words or once it was held, Review.DoesNotExist.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    if review.state == ReviewState.HELD and review.version == version:
        raise RuleBroken(_("It was held: it cannot be cancelled."))
    said = line(why, "why", 300, needed=_("Say why, and when it is held instead."))
    _move(review, version, {"state": ReviewState.CANCELLED, "state_reason": said})
    tell_people(review, acting_user)
    tell_of_review(acting_user, review, "cancel", reason=said)
    return review


@transaction.atomic
def gather_facts(*, acting_user: User | None, project: Project, ref: str, version: int) -> Review:
    """Read again what the system knows for each input; words that were written stay. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken once it is approved or cancelled, Review.DoesNotExist.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    _move(review, version, {})
    _write_facts(review)
    tell_of_review(acting_user, review, "gather")
    return review


@transaction.atomic
def note_presence(
    *, acting_user: User | None, project: Project, ref: str, version: int, there: Iterable[int]
) -> Review:
    """Note who was there (`there` are the ids of parties): the review was held then. One trail event.

    Raises NotPermitted, StaleWrite, Review.DoesNotExist; RuleBroken before its day, for nobody, or for somebody who
    was not asked.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    if review.held_on > clock.today(project.time_zone):
        raise RuleBroken(_("It lies ahead: move it to the day on which it was held."))
    came = set(there)
    rows = list(ReviewAttendance.objects.filter(review=review).select_related("party"))
    if not came:
        raise RuleBroken(_("Say who was there: a review without people is none."))
    if came - {row.party_id for row in rows}:
        raise RuleBroken(_("Somebody of these was not asked. Ask them first."))
    _move(review, version, {"state": ReviewState.HELD})
    for row in rows:
        row.was_there = row.party_id in came
    ReviewAttendance.objects.bulk_update(rows, ["was_there"])
    tell_of_review(acting_user, review, "hold", {"there": [None, [row.party.name for row in rows if row.was_there]]})
    return review


@transaction.atomic
def treat_input(
    *,
    acting_user: User | None,
    project: Project,
    ref: str,
    key: str,
    version: int,
    words: str,
    is_treated: bool,
) -> ReviewInput:
    """Write down what was said about an input, and whether it is treated. One trail event.

    `version` is that of the input. Raises NotPermitted, StaleWrite, DoesNotExist; RuleBroken before it was held where
    the input shall be treated, without words, or once it is approved or cancelled.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    row = ReviewInput.objects.get(review=review, key=key)
    if row.version == version:
        _refuse_settled(review, review.version)
    needed = _("Say in a sentence what was found. “As it should be” needs one, too.") if is_treated else ""
    said = lines(words, "words", needed=needed)
    if is_treated and review.state != ReviewState.HELD:
        raise RuleBroken(_("Note first who was there: only a review that was held treats anything."), field="words")
    write_versioned(
        row,
        version=version,
        values={"words": said, "is_treated": is_treated},
        shown={_("What was said"): row.words},
        sent={_("What was said"): said},
    )
    # The words are frozen with the minutes; until then the trail says that somebody wrote.
    tell_of_review(acting_user, review, "treat", {"input": key, "treated": is_treated, "sha256": sha256_of(said)})
    return row


@transaction.atomic
def conclude_review(*, acting_user: User | None, project: Project, ref: str, version: int, conclusion: str) -> Review:
    """Write down what top management concludes: whether the SMS suits, suffices and works. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken before it was held or once it is approved, Review.DoesNotExist.
    """
    require_capability(acting_user, "review.prepare", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    if review.state != ReviewState.HELD and review.version == version:
        raise RuleBroken(_("Note first who was there: then it was held."))
    said = lines(conclusion, "conclusion", needed=_("Say what the review concludes."))
    _move(review, version, {"conclusion": said})
    tell_of_review(acting_user, review, "conclude", {"sha256": sha256_of(said)})
    return review


@transaction.atomic
def approve_review(*, acting_user: User | None, project: Project, ref: str, version: int) -> Review:
    """Approve the minutes: all of the review is frozen, hashed, and pinned as evidence. Two trail events.

    Raises NotPermitted, also for who wrote the minutes unless the entity is very small (which the record then says);
    StaleWrite, Review.DoesNotExist; RuleBroken where an input is not treated or nothing is concluded.
    """
    require_capability(acting_user, "review.approve", project)
    review = _own(project, ref)
    _refuse_settled(review, version)
    refuse_stale(review, version=version, shown={}, sent={})
    if review.state != ReviewState.HELD:
        raise RuleBroken(_("It was not held yet."))
    left = [each for each in ReviewInput.objects.filter(review=review) if not each.is_treated]
    if left:
        raise RuleBroken(_("Not every input is treated yet: %(n)d are left.") % {"n": len(left)})
    if not review.conclusion:
        raise RuleBroken(_("Nothing is concluded yet: say whether the SMS suits, suffices and works."))
    own_work = acting_user is not None and acting_user.pk in writers_of(review)
    if own_work and not is_very_small(project):
        raise NotPermitted(_("You wrote these minutes. Somebody else of top management approves them."))
    at = clock.now()
    content = review_plain(review) | {
        "approved_by": str(acting_user) if acting_user is not None else "",
        "approved_at": at.isoformat(),
        "own_work": own_work,
    }
    # What is hashed and what is read later are the same values.
    record = canonical_json(content)
    content = json.loads(record)
    item = pin_record(
        acting_user=None,
        project=project,
        kind=RECORD_KIND,
        key=review.ref,
        content=content,
        title=_("Management review %(ref)s, %(day)s") % {"ref": review.ref, "day": review.held_on.isoformat()},
        shows=_("Inputs, what the system said of each on the day, words, outputs and conclusion, as approved."),
        # It holds figures of money, which fewer people may see than evidence.
        classification=Classification.CONFIDENTIAL,
    )
    sha256 = sha256_of(content)
    values = {
        "state": ReviewState.APPROVED,
        "approved_by": acting_user,
        "approved_at": at,
        "record": record,
        "sha256": sha256,
        "evidence": item,
    }
    _move(review, version, values)
    tell_people(review, acting_user)
    tell_of_review(
        acting_user, review, "approve", {"record": [None, item.key], "sha256": [None, sha256], "own work": own_work}
    )
    return review


def _own(project: Project, ref: str) -> Review:
    """The review as it stands now, its project locked for the rest of the transaction."""
    lock_project(project)
    review = Review.objects.select_related("chair").get(project=project, ref=ref)
    review.project = project
    return review


def _refuse_settled(review: Review, version: int) -> None:
    if review.version != version:
        return
    if review.state == ReviewState.APPROVED:
        raise RuleBroken(_("The minutes are approved: nothing changes any more. Correct it in the next review."))
    if review.state == ReviewState.CANCELLED:
        raise RuleBroken(_("This review was cancelled. Plan another one."))


def _move(review: Review, version: int, values: Mapping[str, Any]) -> None:
    state = ReviewState(values.get("state", review.state))
    write_versioned(
        review,
        version=version,
        values=values,
        shown={_("State"): review.get_state_display()},
        sent={_("State"): state.label},
    )


def _write_facts(review: Review) -> None:
    """Give each input of the edition its sheet, as of today."""
    today = clock.today(review.project.time_zone)
    period = Period(review.project, review.edition, review.covers_from, review.covers_until, today)
    rows = {row.key: row for row in ReviewInput.objects.filter(review=review)}
    for each in inputs_of(review.edition):
        facts = facts_for(each, period) | {"as_of": today.isoformat()}
        row = rows.get(each.key)
        if row is None:
            ReviewInput.objects.create(project=review.project, review=review, key=each.key, facts=facts)
        else:
            write_versioned(row, version=row.version, values={"facts": facts}, shown={}, sent={})


def _ask(review: Review, people: Sequence[Party]) -> None:
    """The chair and `people` are asked; who is not among them any more and was not there goes."""
    wanted = {party.pk: party for party in (*people, *((review.chair,) if review.chair is not None else ()))}
    rows = {row.party_id: row for row in ReviewAttendance.objects.filter(review=review)}
    for pk, row in rows.items():
        if pk not in wanted and not row.was_there:
            row.delete()
    ReviewAttendance.objects.bulk_create(
        [
            ReviewAttendance(project=review.project, review=review, party=party)
            for pk, party in wanted.items()
            if pk not in rows
        ]
    )


def _checked(project: Project, facts: ReviewFacts) -> dict[str, Any]:
    if facts.held_on > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="held_on")
    if facts.covers_until < facts.covers_from:
        raise RuleBroken(_("The end lies before the beginning."), field="covers_until")
    if facts.covers_until > facts.held_on:
        raise RuleBroken(_("It looks back: the time it covers ends on its day at the latest."), field="covers_until")
    for party in (*facts.people, *((facts.chair,) if facts.chair is not None else ())):
        if party.project_id != project.pk:
            raise Party.DoesNotExist
    return {
        "held_on": facts.held_on,
        "covers_from": facts.covers_from,
        "covers_until": facts.covers_until,
        "place": line(facts.place, "place", 160),
        "chair": facts.chair,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Party) else value
