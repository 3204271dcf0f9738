"""Write, edit and withdraw a comment."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from notifications import permissions
from notifications.domain.names import NamedText, Person, name_people
from notifications.models import Comment, Mention
from notifications.selectors.people import people_of
from notifications.services.said import tell_of_comment
from notifications.services.telling import tell_of_talk
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability, write_versioned

LONGEST = 10_000


@transaction.atomic
def add_comment(
    *,
    acting_user: User,
    project: Project,
    kind: str,
    key: str,
    body: str,
    nonce: UUID | None = None,
    asked_id: int | None = None,
) -> Comment:
    """Write a comment on an object, with `asked_id` a question to that person.

    Whoever it names is kept with it (`people_to_tell` gives them), and the writer has read the thread. The same
    `nonce` again with the same text (a double click) returns the first comment; with another text it is a comment of
    its own. Raises RuleBroken for an empty or overlong text, and for somebody asked who cannot answer here.
    """
    require_capability(acting_user, "comments.write", project)
    people = people_of(project)
    asked = _asked(people, asked_id, acting_user)
    comment = Comment(project=project, kind=kind, key=key, author=acting_user, asked_id=asked.pk if asked else None)
    comment, is_new = save_comment(comment, body, people, nonce)
    if is_new:
        changes = {"comment": comment.body} | ({"asked": asked.label} if asked else {})
        tell_of_talk(acting_user, project, "ask" if asked else "comment", kind, key, changes)
    return comment


def save_comment(comment: Comment, body: str, people: Sequence[Person], nonce: UUID | None) -> tuple[Comment, bool]:
    """Save a new comment with its text and whom it names, for a service that records the act.

    Gives the comment and whether it is new: what the author sent before with this `nonce` and text comes back as it is.
    """
    author, project = comment.author, comment.project
    named = _named(body, people)
    known = _sent_before(author, project, nonce)
    if known is not None and (known.body == named.text or known.edited_at or known.withdrawn_at):
        return known, False
    if known is not None:
        # An old form sent again with another text: nothing is lost, it is a comment of its own.
        nonce = None
    comment.body, comment.at = named.text, clock.now()
    if nonce is not None:
        comment.nonce = nonce
    try:
        with transaction.atomic():
            comment.save()
    except IntegrityError as error:
        # The other click of a double click was faster; or the nonce is somebody else's, which no form of ours sends.
        known = _sent_before(author, project, nonce)
        if known is None:
            raise RuleBroken(_("The form is too old. Reload the page and send it again."), field="nonce") from error
        return known, False
    _keep_mentions(comment, named)
    tell_of_comment(comment)
    read_thread(author, project, comment.kind, comment.key)
    return comment, True


@transaction.atomic
def edit_comment(*, acting_user: User, project: Project, comment_id: int, version: int, body: str) -> Comment:
    """Change the text of one's own comment while that is possible; whom it names follows.

    Raises Comment.DoesNotExist for one of another project, NotPermitted, RuleBroken for the text, and StaleWrite
    where it was changed meanwhile. The text that stands there already changes nothing.
    """
    require_capability(acting_user, "comments.write", project)
    comment = comment_in(project, comment_id)
    require(permissions.can_edit(access_to(project, acting_user), comment))
    named = _named(body, people_of(project))
    before = comment.body
    if named.text == before:
        return comment
    label = _("Comment")
    write_versioned(
        comment,
        version=version,
        values={"body": named.text, "edited_at": clock.now()},
        shown={label: before},
        sent={label: named.text},
    )
    _keep_mentions(comment, named)
    tell_of_comment(comment)
    tell_of_talk(acting_user, project, "edit comment", comment.kind, comment.key, {"comment": [before, named.text]})
    return comment


@transaction.atomic
def withdraw_comment(*, acting_user: User, project: Project, comment_id: int, version: int) -> Comment:
    """Take one's own comment back: its place stays, its text goes to the trail alone. Done twice, it is done once.

    Raises Comment.DoesNotExist for one of another project, NotPermitted, and StaleWrite where it was changed meanwhile.
    """
    require_capability(acting_user, "comments.write", project)
    comment = comment_in(project, comment_id)
    if comment.is_withdrawn and comment.author_id == acting_user.pk:
        return comment
    require(permissions.can_withdraw(access_to(project, acting_user), comment))
    before = comment.body
    label = _("Comment")
    write_versioned(
        comment,
        version=version,
        values={"body": "", "withdrawn_at": clock.now()},
        shown={label: before},
        sent={label: ""},
    )
    comment.mentions.all().delete()
    tell_of_talk(acting_user, project, "withdraw comment", comment.kind, comment.key, {"comment": [before, ""]})
    return comment


@transaction.atomic
def mark_read(*, acting_user: User, project: Project, kind: str, key: str) -> int:
    """Note that `acting_user` has read where they are named on one object. Gives how many places were new to them.

    No event: what somebody has read is theirs alone.
    """
    require_capability(acting_user, "comments.view", project)
    return read_thread(acting_user, project, kind, key)


def read_thread(user: User, project: Project, kind: str, key: str) -> int:
    """The write behind `mark_read`, for whoever has just written into the thread."""
    return Mention.objects.filter(
        user=user, project=project, comment__kind=kind, comment__key=key, seen_at__isnull=True
    ).update(seen_at=clock.now())


def comment_in(project: Project, comment_id: int) -> Comment:
    """A comment of `project`. Raises Comment.DoesNotExist."""
    return Comment.objects.select_related("author", "asked", "answered_by", "answers").get(
        project=project, pk=comment_id
    )


def _named(body: str, people: Sequence[Person]) -> NamedText:
    text = clean_text(body)
    if not text:
        raise RuleBroken(_("Write something first."), field="body")
    # A name may become longer than it was typed.
    if len(text) > LONGEST or len((named := name_people(text, people)).text) > LONGEST:
        raise RuleBroken(_("A comment has %(most)d characters at most.") % {"most": LONGEST}, field="body")
    return named


def _asked(people: Sequence[Person], asked_id: int | None, author: User) -> Person | None:
    if asked_id is None:
        return None
    asked = next((person for person in people if person.pk == asked_id and person.can_write), None)
    if asked is None:
        raise RuleBroken(_("This person cannot answer here. Choose somebody from the list."), field="asked")
    if asked.pk == author.pk:
        raise RuleBroken(_("Choose somebody else: you cannot wait for yourself."), field="asked")
    return asked


def _keep_mentions(comment: Comment, named: NamedText) -> None:
    """Keep whom a text names: those it names already stay as they are, read or not. The author is not told."""
    people = [pk for pk in named.people if pk != comment.author_id]
    comment.mentions.exclude(user__in=people).delete()
    there = set(comment.mentions.values_list("user", flat=True))
    Mention.objects.bulk_create(
        [Mention(project=comment.project, comment=comment, user_id=pk) for pk in people if pk not in there]
    )


def _sent_before(author: User, project: Project, nonce: UUID | None) -> Comment | None:
    if nonce is None:
        return None
    return Comment.objects.filter(nonce=nonce, project=project, author=author).first()
