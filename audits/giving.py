"""Evidence that is given to an auditor as it is added."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audits.domain.asking import OPEN
from audits.finding_permissions import may_answer
from audits.models import AuditRequest
from audits.services.asking import give
from common.exceptions import RuleBroken
from evidence.registries import AskedFor, Asker, register_asker
from projects.models import Project
from projects.permissions import Access


def _request(project: Project, key: str) -> AuditRequest | None:
    found = AuditRequest.objects.filter(project=project, ref=key).select_related("activity", "asked_of").first()
    if found is not None:
        found.project = project
    return found


def _open_for(project: Project, access: Access, key: str) -> AskedFor | None:
    found = _request(project, key)
    if found is None or found.state not in OPEN or not may_answer(found, access):
        return None
    return AskedFor(key, found.text, _place(project, key), found.activity.ref if found.activity else "")


def _place(project: Project, key: str) -> str:
    return reverse("audit_request", args=[project.slug, key]) if _request(project, key) is not None else ""


def _give(*, acting_user: User | None, project: Project, key: str, items: Sequence[str]) -> str:
    found = _request(project, key)
    if found is None:
        raise RuleBroken(_("There is no request %(key)s.") % {"key": key})
    give(acting_user=acting_user, request=found, version=found.version, keys=items)
    return _("Given. %(who)s looks at it now.") % {"who": found.asked_by or _("An auditor")}


def register() -> None:
    """Let evidence be given for requests of auditors as it is added."""
    register_asker("AR", Asker(_open_for, _give, _place))
