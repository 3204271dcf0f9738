"""Beginning a case, its settings, and what it says to its points."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from businesscase.choices import CaseKind, Conformity
from businesscase.domain.completeness import POINTS, SMALL_POINTS
from businesscase.domain.months import month_label, month_of
from businesscase.model_fields import month_start
from businesscase.models import USUAL_MONTHS, BenefitLine, BusinessCase, CaseSection, CostLine
from businesscase.services.guards import open_draft
from common.exceptions import RuleBroken
from common.texts import clean_text
from projects.models import Project
from projects.services.guards import lock_project, require_capability, write_versioned

LONGEST_SECTION = 20_000
SMALL_MONTHS = 6
MOST_MONTHS = 120


@transaction.atomic
def start_case(*, acting_user: User | None, project: Project, kind: str) -> BusinessCase:
    """Begin one of the two cases; one that was begun is returned as it is. One trail event.

    Its horizon begins with the month in which the project starts. Raises NotPermitted.
    """
    require_capability(acting_user, "case.edit", project)
    lock_project(project)
    case, made = BusinessCase.objects.get_or_create(
        project=project,
        kind=CaseKind(kind),
        defaults={
            "first_month": month_start(project.start_date),
            "months": SMALL_MONTHS if kind == CaseKind.GAP else USUAL_MONTHS,
        },
    )
    case.project = project
    if made:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("start", "business case", kind, str(CaseKind(kind).label), {"months": [None, case.months]}),
        )
    return case


@transaction.atomic
def change_settings(
    *,
    acting_user: User | None,
    case: BusinessCase,
    version: int,
    first_month: date | None,
    months: int | None,
    discount_rate: Decimal | None,
) -> BusinessCase:
    """Set the horizon and the discount rate (a fraction a year). One trail event, or none where nothing changed.

    Raises NotPermitted, StaleWrite, and RuleBroken for an empty horizon, a rate below 0 or above 1, or lines that
    would lie outside the horizon.
    """
    fresh = open_draft(acting_user, case)
    if first_month is None:
        raise RuleBroken(_("Give the first month."), field="first_month")
    if months is None or not 1 <= months <= MOST_MONTHS:
        raise RuleBroken(_("The horizon has 1 to %(most)d months.") % {"most": MOST_MONTHS}, field="months")
    if not 2000 <= first_month.year <= 2090:
        raise RuleBroken(_("This month is too far off."), field="first_month")
    _check_rate(discount_rate)
    values = {"first_month": month_start(first_month), "months": months, "discount_rate": discount_rate}
    _check_lines(fresh, values["first_month"], months)  # type: ignore[arg-type]  # a date, two lines above
    return _change(acting_user, fresh, version, values)


@transaction.atomic
def recommend_conformity(
    *, acting_user: User | None, case: BusinessCase, version: int, conformity: str
) -> BusinessCase:
    """Say whether a formal, independent assessment is recommended (point h). Raises as `change_settings`."""
    fresh = open_draft(acting_user, case)
    if conformity not in Conformity.values:
        raise RuleBroken(_("Choose one of the list."), field="conformity")
    return _change(acting_user, fresh, version, {"conformity": conformity})


@transaction.atomic
def write_section(*, acting_user: User | None, case: BusinessCase, point: str, version: int, text: str) -> CaseSection:
    """Write what the case says to `point`, as Markdown. `version` is 0 where nothing was written before.

    Raises NotPermitted, StaleWrite, RuleBroken for an unknown point or a text that is too long.
    """
    fresh = open_draft(acting_user, case)
    if point not in (SMALL_POINTS if fresh.is_small else POINTS):
        raise RuleBroken(_("The case has no such point."))
    cleaned = clean_text(text)
    if len(cleaned) > LONGEST_SECTION:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_SECTION}, field="text")
    # Version 1 is a row that nobody has written yet: a form that was filled then says 0.
    section, _made = CaseSection.objects.get_or_create(project=fresh.project, case=fresh, point=point)
    before = section.text
    if before == cleaned:
        return section
    write_versioned(
        section,
        version=max(version, 1),
        values={"text": cleaned},
        shown={_("Text"): before},
        sent={_("Text"): cleaned},
    )
    record_event(
        stream_id=fresh.project.uuid,
        acting_user=acting_user,
        draft=Draft("write", "case section", f"{fresh.kind} {point}", point, {"text": [before, cleaned]}),
    )
    return section


@transaction.atomic
def write_conformity(
    *, acting_user: User | None, case: BusinessCase, case_version: int, conformity: str, version: int, text: str
) -> None:
    """Answer point h whole: the recommendation and why. Both or neither. Raises as the two services it joins."""
    recommend_conformity(acting_user=acting_user, case=case, version=case_version, conformity=conformity)
    write_section(acting_user=acting_user, case=case, point="h", version=version, text=text)


def _check_rate(rate: Decimal | None) -> None:
    if rate is None:
        raise RuleBroken(
            _("Give the discount rate; ask finance for theirs. 0 says that money later is worth the same."),
            field="discount_rate",
        )
    if rate < 0:
        raise RuleBroken(_("A discount rate lies between 0 and 100 percent a year."), field="discount_rate")
    if rate > 1:
        raise RuleBroken(
            _("A discount rate lies between 0 and 100 percent a year. For four percent, write 4."),
            field="discount_rate",
        )


def _check_lines(case: BusinessCase, first: date, months: int) -> None:
    """Refuse a horizon that lines of the draft reach beyond."""
    begin, end = month_of(first), month_of(first) + months - 1
    outside = []
    for ref, start, stop in [
        *CostLine.objects.filter(case=case).values_list("ref", "first_month", "last_month"),
        *BenefitLine.objects.filter(case=case, from_month__isnull=False).values_list(
            "ref", "from_month", "until_month"
        ),
    ]:
        if start is None or not begin <= month_of(start) <= end or (stop and month_of(stop) > end):
            outside.append(ref)
    if outside:
        named = ", ".join(outside[:8]) + (" …" if len(outside) > 8 else "")
        raise RuleBroken(
            _("From %(first)s to %(last)s these lines lie outside: %(refs)s. Move them first.")
            % {"first": month_label(begin), "last": month_label(end), "refs": named},
            field="months",
        )


def _change(acting_user: User | None, case: BusinessCase, version: int, values: dict[str, object]) -> BusinessCase:
    def said(value: object) -> object:
        if isinstance(value, date):
            return f"{value:%Y-%m}"
        return str(value.normalize()) if isinstance(value, Decimal) else value

    changes = {name: [said(getattr(case, name)), said(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes and case.version == version:
        return case
    labels = {
        "first_month": _("First month"),
        "months": _("Months"),
        "discount_rate": _("Discount rate"),
        "conformity": _("Conformity assessment"),
    }
    write_versioned(
        case,
        version=version,
        values=values,
        shown={labels[name]: pair[0] for name, pair in changes.items()},
        sent={labels[name]: pair[1] for name, pair in changes.items()},
    )
    record_event(
        stream_id=case.project.uuid,
        acting_user=acting_user,
        draft=Draft("change", "business case", case.kind, str(CaseKind(case.kind).label), changes),
    )
    return case
