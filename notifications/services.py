"""Acts on comments."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from notifications.models import Comment
from projects.models import Project
from projects.services.guards import require_capability

LONGEST = 10_000


@transaction.atomic
def add_comment(
    *, acting_user: User, project: Project, kind: str, key: str, body: str, nonce: UUID | None = None
) -> Comment:
    """Write a comment on an object. The same `nonce` again (a double click) returns the first comment.

    Raises RuleBroken for an empty or overlong text.
    """
    require_capability(acting_user, "comments.write", project)
    text = clean_text(body)
    if not text:
        raise RuleBroken(_("Write something first."), field="body")
    if len(text) > LONGEST:
        raise RuleBroken(_("A comment has %(most)d characters at most.") % {"most": LONGEST}, field="body")
    known = _sent_before(acting_user, project, nonce)
    if known is not None:
        return known
    comment = Comment(project=project, kind=kind, key=key, author=acting_user, body=text, at=clock.now())
    if nonce is not None:
        comment.nonce = nonce
    try:
        with transaction.atomic():
            comment.save()
    except IntegrityError as error:
        # The other click of a double click was faster; or the nonce is somebody else's, which no form of ours sends.
        known = _sent_before(acting_user, project, nonce)
        if known is None:
            raise RuleBroken(_("The form is too old. Reload the page and send it again."), field="nonce") from error
        return known
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("comment", kind, key, "", {"comment": text}),
    )
    return comment


def _sent_before(author: User, project: Project, nonce: UUID | None) -> Comment | None:
    if nonce is None:
        return None
    return Comment.objects.filter(nonce=nonce, project=project, author=author).first()
