"""Evidence that is given for a request as it is added, whichever app the request is of."""

from collections.abc import Sequence

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence.registries import AskedFor, Asker, asker_of, register_asker
from evidence.selectors.requests import OPEN, may_give, request_of
from evidence.services.requests import give_evidence, given_words
from projects.access import ProjectRequest
from projects.models import Project
from projects.permissions import Access


def asked_here(request: ProjectRequest, project: Project, key: str) -> AskedFor | None:
    """The request `key` where it is open and this person may give what it asks for."""
    asker = asker_of(key)
    return asker.open_for(project, request.access, key) if asker is not None else None


def give_added(request: ProjectRequest, project: Project, key: str, items: Sequence[str]) -> str:
    """Give what was just added for the request `key`; where to go on. What was added stays, whatever comes of it."""
    asker = asker_of(key)
    place = asker.place(project, key) if asker is not None and items else ""
    if asker is None or not place:
        return ""
    try:
        said = asker.give(acting_user=request.user, project=project, key=key, items=items)
    except NotPermitted:
        # Who was asked is told to nobody else.
        messages.warning(
            request, _("What you added is kept, but not given for %(key)s: nothing of it waits for you.") % {"key": key}
        )
        return ""
    except (RuleBroken, StaleWrite) as error:
        said = _("What you added is kept, but not given for %(key)s: %(why)s") % {"key": key, "why": error}
        messages.warning(request, said)
    else:
        messages.success(request, said)
    return place


def place_of(project: Project, key: str) -> str:
    """The address of the request `key`, "" for none."""
    asker = asker_of(key)
    return asker.place(project, key) if asker is not None else ""


def _open_for(project: Project, access: Access, key: str) -> AskedFor | None:
    found = request_of(project, key)
    if found is None or found.state not in OPEN or not may_give(access, found):
        return None
    return AskedFor(found.key, found.text, _place(project, key), found.activity.ref if found.activity else "")


def _place(project: Project, key: str) -> str:
    return reverse("evidence_request", args=[project.slug, key]) if request_of(project, key) is not None else ""


def _give(*, acting_user: User | None, project: Project, key: str, items: Sequence[str]) -> str:
    found = request_of(project, key)
    if found is None:
        raise RuleBroken(_("There is no request %(key)s.") % {"key": key})
    return given_words(give_evidence(acting_user=acting_user, request=found, item_keys=items))


def register() -> None:
    """Let evidence be given for the requests of this app."""
    register_asker("Q", Asker(_open_for, _give, _place))
