"""The way by which a project shows its conformity: chosen, and its statement begun."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import Way
from audits.models import CertificationPath
from audits.services.certification_checks import any_day
from audits.services.certification_telling import differences, tell
from audittrail.services import Draft
from common.exceptions import RuleBroken
from documents.models import Document
from documents.services.begin import begin_from_template
from governance.services.texts import lines
from projects.choices import Edition
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

KIND = "certification"
TEMPLATES = {Way.DECLARATION: "self-declaration-of-conformity", Way.CUSTOMERS: "statement-of-assurance"}


@dataclass(frozen=True, slots=True)
class WayFacts:
    """By which way conformity is shown, why, to which edition, in which words of scope, and until when."""

    way: str
    edition: str
    why: str = ""
    scope_statement: str = ""
    wished_by: date | None = None


@transaction.atomic
def choose_way(*, acting_user: User | None, project: Project, version: int, facts: WayFacts) -> CertificationPath:
    """Say by which way conformity is shown; `version` is 0 where nobody said so before. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken at the field that is wrong.
    """
    require_capability(acting_user, "certification.manage", project)
    if facts.way not in Way.values:
        raise RuleBroken(_("Choose one of the ways."), field="way")
    if facts.edition not in Edition.values:
        raise RuleBroken(_("Choose an edition."), field="edition")
    values: dict[str, object] = {
        "way": facts.way,
        "edition": facts.edition,
        "why": lines(facts.why, "why", 2000),
        "scope_statement": lines(facts.scope_statement, "scope_statement", 2000),
        "wished_by": any_day(facts.wished_by, "wished_by"),
    }
    path, made = CertificationPath.objects.get_or_create(project=project, defaults={"edition": project.edition})
    changes = differences(path, values)
    if not changes and not made:
        return path
    write_versioned(
        path,
        version=path.version if made and version == 0 else version,
        values=values,
        shown={_("Way"): Way(path.way).label, _("Scope"): path.scope_statement, _("Why"): path.why},
        sent={_("Way"): Way(facts.way).label, _("Scope"): values["scope_statement"], _("Why"): values["why"]},
    )
    tell(acting_user, project, Draft("choose", KIND, "way", str(Way(facts.way).label), changes))
    return path


@transaction.atomic
def begin_statement(*, acting_user: User | None, project: Project) -> Document:
    """Begin the declaration, or the statement to customers, as a controlled document. Two trail events.

    Raises NotPermitted, RuleBroken where the way has none, or it is there already.
    """
    require_capability(acting_user, "certification.manage", project)
    path = CertificationPath.objects.filter(project=project).first()
    template = TEMPLATES.get(Way(path.way)) if path is not None else None
    if path is None or template is None:
        raise RuleBroken(_("A statement belongs to a way without a certificate. Choose the way first."))
    document = Document.objects.filter(project=project, template=template).first()
    if document is None:
        document = begin_from_template(acting_user=acting_user, project=project, key=template)
    elif path.statement_id == document.pk:
        raise RuleBroken(_("It is there already."))
    before = path.statement_id
    write_versioned(
        path,
        version=path.version,
        values={"statement": document},
        shown={_("Statement"): before or ""},
        sent={_("Statement"): document.key},
    )
    tell(acting_user, project, Draft("begin", KIND, document.key, document.title, {}))
    return document
