"""The comments on one object as a page shows them: open questions first, and what this person may do with each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.models import User
from common import clock
from common.markdown import render_markdown
from notifications.domain.names import Person, find_people, fold, handles_of
from notifications.models import Comment, Mention
from notifications.permissions import can_edit, can_settle, can_withdraw
from notifications.selectors import comments_on
from notifications.selectors.people import people_of
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class Said:
    """A comment ready to be shown. `days_open` counts how long an open question waits; None for anything else.

    `is_new` where it names who looks and they have not marked it read. `asked_has_left` where the person asked can
    no longer answer here.
    """

    comment: Comment
    body: SafeString
    may_edit: bool
    may_withdraw: bool
    may_settle: bool
    days_open: int | None
    asked_has_left: bool
    is_new: bool

    @property
    def pk(self) -> str:
        """The key as text, for addresses: a template would look for the language's way to write a number."""
        return str(self.comment.pk)


@dataclass(frozen=True, slots=True)
class Nameable:
    """Somebody who can be named, and the words after `@` that name them for certain."""

    person: Person
    handle: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said on one object. `unread` counts the places that name who looks and are new to them."""

    said: Sequence[Said]
    nameable: Sequence[Nameable]
    askable: Sequence[Person]
    unread: int

    @property
    def count(self) -> int:
        """How many comments there are; withdrawn ones do not count."""
        return sum(not one.comment.is_withdrawn for one in self.said)

    @property
    def open_count(self) -> int:
        """How many questions wait for an answer."""
        return sum(one.days_open is not None for one in self.said)


def thread_of(project: Project, access: Access, user: User, kind: str, key: str) -> Thread:
    """What was said on one object, open questions first, then everything by time. Three queries."""
    people = people_of(project)
    writers = {person.pk for person in people if person.can_write}
    comments = comments_on(project, kind, key).select_related("author", "asked", "answered_by", "answers__author")
    mentions: dict[int, list[Mention]] = defaultdict(list)
    for mention in Mention.objects.filter(project=project, comment__kind=kind, comment__key=key).select_related("user"):
        mentions[mention.comment_id].append(mention)
    said = [_said(comment, mentions[comment.pk], project, access, user, writers) for comment in comments]
    said.sort(key=lambda one: one.days_open is None)
    handles = handles_of(people)
    return Thread(
        said=said,
        nameable=[Nameable(person, handles[person.pk]) for person in people if person.pk != user.pk],
        askable=[person for person in people if person.can_write and person.pk != user.pk],
        unread=sum(one.is_new for one in said),
    )


def _said(
    comment: Comment, mentions: Sequence[Mention], project: Project, access: Access, user: User, writers: set[int]
) -> Said:
    is_open = comment.is_open_question
    today = clock.today(project.time_zone)
    return Said(
        comment=comment,
        body=_body(comment.body, mentions),
        may_edit=bool(can_edit(access, comment)),
        may_withdraw=bool(can_withdraw(access, comment)),
        may_settle=comment.asked_id is not None and bool(can_settle(access, comment)),
        days_open=(today - clock.day_of(comment.at, project.time_zone)).days if is_open else None,
        asked_has_left=is_open and comment.asked_id not in writers,
        is_new=any(mention.user_id == user.pk and mention.seen_at is None for mention in mentions),
    )


def _body(text: str, mentions: Sequence[Mention]) -> SafeString:
    """The text as HTML, with the people that were kept with it marked; a name that means nobody stays text."""
    folded = fold(text)
    handles = {
        # The address stands there only where two share the name, and then the name alone means neither.
        mention.user_id: mention.user.email if f"@{fold(mention.user.email)}" in folded else mention.user.name
        for mention in mentions
    }
    return render_markdown(text, tuple((span.start, span.end) for span in find_people(text, handles)))
