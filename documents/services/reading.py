"""Asking people to read what is published, and their word that they understood it."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.choices import READ_STATES
from documents.models import DocumentVersion, Reading
from documents.services.telling import tell_of_version, tell_readers
from projects.models import Party
from projects.services.guards import LAST_DAY, require_capability

MOST_AT_ONCE = 500


@transaction.atomic
def ask_to_read(
    *, acting_user: User | None, version: DocumentVersion, readers: Sequence[Party], due: date, role: str = ""
) -> int:
    """Ask `readers` to read a published version by `due`, also before it holds; who is asked already stays. How many
    are new.

    One trail event where there is any. Raises NotPermitted, RuleBroken for a version that is not published, a day gone
    by, nobody, or too many at once; Party.DoesNotExist for people of another project.
    """
    project = version.document.project
    require_capability(acting_user, "documents.publish", project)
    if version.state not in READ_STATES:
        raise RuleBroken(_("Only what is in force, or published for a later day, is given to people to read."))
    if due < clock.today(project.time_zone):
        raise RuleBroken(_("This day has gone by."), field="due")
    if due > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="due")
    if not readers:
        raise RuleBroken(_("Name at least one person, or a role that somebody holds."), field="readers")
    if len(readers) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(most)d people at once.") % {"most": MOST_AT_ONCE}, field="readers")
    if any(each.project_id != project.pk for each in readers):
        raise Party.DoesNotExist
    asked = set(Reading.objects.filter(document_version=version).values_list("reader_id", flat=True))
    new = [each for each in dict.fromkeys(readers) if each.pk not in asked]
    Reading.objects.bulk_create(
        [
            Reading(
                project=project,
                document_version=version,
                reader=each,
                role=role[:60],
                due=due,
                asked_by=acting_user,
                asked_at=clock.now(),
            )
            for each in new
        ]
    )
    if new:
        tell_of_version(
            acting_user,
            version,
            "ask to read",
            {"readers": [None, [each.name for each in new]], "due": [None, due.isoformat()]},
        )
        tell_readers(version, acting_user, new)
    return len(new)


@transaction.atomic
def confirm_reading(*, acting_user: User | None, reading: Reading) -> Reading:
    """Say that one read and understood it. One trail event.

    Raises NotPermitted for somebody else's, StaleWrite where it is said already, RuleBroken for a version that is not
    in force any more.
    """
    version = reading.document_version
    project = version.document.project
    require_capability(acting_user, "documents.view", project)
    fresh = Reading.objects.select_related("reader").get(pk=reading.pk, project_id=project.pk)
    if acting_user is None or fresh.reader.user_id != acting_user.pk:
        raise NotPermitted(_("Only who was asked can say this."))
    if fresh.read_at is not None:
        raise StaleWrite(_("You have said so already."), current={}, sent={})
    if version.state not in READ_STATES:
        raise RuleBroken(_("This version is no longer in force. Read the newer one."))
    fresh.read_at = clock.now()
    fresh.save(update_fields=["read_at"])
    tell_of_version(acting_user, version, "read")
    return fresh


@transaction.atomic
def ask_groups(
    *,
    acting_user: User | None,
    version: DocumentVersion,
    groups: Sequence[tuple[str, Sequence[Party]]],
    due: date,
) -> int:
    """Ask several groups at once, each as its role ("" for people by name); who is in two is asked once.

    How many are new. One trail event for each group that brings somebody. Raises as `ask_to_read`.
    """
    asked = 0
    for role, readers in groups or [("", ())]:
        asked += ask_to_read(acting_user=acting_user, version=version, readers=readers, due=due, role=role)
    return asked


@transaction.atomic
def stop_asking(*, acting_user: User | None, reading: Reading) -> None:
    """Ask somebody no longer to read; who has read stays on the list. One trail event.

    Raises NotPermitted, StaleWrite where they have read it meanwhile or are off the list.
    """
    version = reading.document_version
    require_capability(acting_user, "documents.publish", version.document.project)
    gone, _rows = Reading.objects.filter(pk=reading.pk, project_id=version.project_id, read_at=None).delete()
    if not gone:
        raise StaleWrite(_("They have read it meanwhile, or are not asked any more."), current={}, sent={})
    tell_of_version(acting_user, version, "stop asking", {"reader": [reading.reader.name, None]})
