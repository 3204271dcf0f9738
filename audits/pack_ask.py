"""What somebody asks of a pack, checked."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from audits.domain.pack_options import ALL, CONFIDENTIAL, CURRENT, INTERNAL, PUBLIC, PackOptions
from common.exceptions import RuleBroken
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order, clause_titles
from projects.models import Project

MOST_CHOSEN = 100


def checked_options(
    project: Project,
    *,
    edition: str = "",
    clauses: Iterable[str] = (),
    components: Iterable[str] = (),
    phases: Iterable[str | int] = (),
    since: date | None = None,
    until: date | None = None,
    classification: str = CONFIDENTIAL,
    revisions: str = CURRENT,
) -> PackOptions:
    """The options of a pack. Raises RuleBroken, at the field, for what the project or the standard does not have."""
    edition = edition or project.edition
    titles = clause_titles().get(edition)
    if titles is None:
        raise RuleBroken(_("Choose the edition of 2011 or 2018."), field="edition")
    chosen = sorted({each.strip() for each in clauses if each.strip()}, key=lambda each: (clause_order(each), each))
    for each in chosen:
        if each not in titles:
            raise RuleBroken(
                _("The edition of %(edition)s has no clause %(clause)s.") % {"edition": edition, "clause": each[:40]},
                field="clauses",
            )
    codes = sorted({each.strip().upper() for each in components if each.strip()})
    known = texts_for(project).components
    for code in codes:
        if code not in known:
            raise RuleBroken(_("The plan has no component %(code)s.") % {"code": code[:40]}, field="components")
    numbers = set()
    for phase in phases:
        if str(phase) not in ("0", "1", "2", "3", "4"):
            raise RuleBroken(
                _("%(phase)s is no phase; they go from 0 to 4.") % {"phase": str(phase)[:40]}, field="phases"
            )
        numbers.add(int(phase))
    if len(chosen) > MOST_CHOSEN:
        raise RuleBroken(_("Choose at most %(most)d clauses.") % {"most": MOST_CHOSEN}, field="clauses")
    if since is not None and until is not None and until < since:
        raise RuleBroken(_("The period ends before it begins."), field="until")
    if classification not in (PUBLIC, INTERNAL, CONFIDENTIAL):
        raise RuleBroken(_("Choose one of the list."), field="classification")
    if revisions not in (CURRENT, ALL):
        raise RuleBroken(_("Choose one of the list."), field="revisions")
    return PackOptions(
        edition, tuple(chosen), tuple(codes), tuple(sorted(numbers)), since, until, classification, revisions
    )
