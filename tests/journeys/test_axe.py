"""Every kind of page against the rules of WCAG 2.2 AA, once, wide in light and narrow in dark."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from businesscase.models import BenefitLine
from businesscase.services.money import CostEntry, confirm_benefit, record_costs
from businesscase.services.risks import report_risk
from documents.services.communication import take_lines
from documents.services.competence import take_competences
from documents.services.interfaces import take_interfaces
from documents.services.objectives import take_objective, write_value
from evidence.services.requests import give_evidence
from gapanalysis.services.questionnaires import load_questionnaire
from governance.services.lessons import LessonFacts, capture_lesson
from phases.services.baselines import take_baseline
from phases.services.rows import set_due
from tests.audits.asking_cast import asking
from tests.audits.auditing import auditing
from tests.audits.certifying import on_the_way
from tests.audits.packs import waiting
from tests.audits.reviewing import held, improving, keep
from tests.businesscase import living
from tests.businesscase.ready import begun, two_versions
from tests.cast import Cast
from tests.documents.conftest import ASKING
from tests.documents.conftest import begin as begin_document
from tests.documents.conftest import controlled as begin_controlled
from tests.evidence.conftest import add as add_item
from tests.evidence.conftest import ask_for
from tests.gapanalysis.conftest import PACK, give, make, move
from tests.governance.deciding import ask, asked_with_all, condition, record
from tests.governance.meeting_cast import held_meeting, with_meeting

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # What passes is not described: on long pages that takes longer than the looking.
    "resultTypes": ["violations"],
}
PATHS = [
    "/",
    "/work/",
    "/work/calendars/",
    "/projects/alder/calendar/",
    "/projects/alder/governance/",
    "/projects/new/",
    "/projects/new/scope/",
    "/projects/new/dates/",
    "/projects/new/people/",
    "/catalogues/",
    "/catalogues/tr20000-5-2010/1.0/",
    "/catalogues/tr20000-5-2010/1.0/activities/CH.i/",
    "/catalogues/tr20000-5-2010/1.0/components/",
    "/catalogues/tr20000-5-2010/1.0/components/CH/",
    "/catalogues/tr20000-5-2010/1.0/phases/",
    "/catalogues/tr20000-5-2010/1.0/phases/2/",
    "/catalogues/tr20000-5-2010/1.0/clauses/",
    "/catalogues/tr20000-5-2010/1.0/clauses/?edition=2011",
    "/catalogues/tr20000-5-2010/1.0/roles/",
    "/catalogues/tr20000-5-2010/1.0/roles/audit/",
    "/catalogues/tr20000-5-2010/1.0/natures/",
    "/catalogues/tr20000-5-2010/1.0/initiation/",
    "/catalogues/tr20000-5-2010/1.0/outcomes/",
    "/catalogues/tr20000-5-2010/1.0/print/",
    "/catalogues/compare/",
    "/catalogues/compare/?a=tr20000-5-2010/1.0&b=tr20000-5-2010/1.0",
    "/projects/alder/plan/approach/",
    "/projects/alder/widen/",
    "/projects/new/approach/",
    "/projects/new/earlier/",
    "/projects/alder/catalogue/",
    "/organizations/alder-it/calendar/",
    "/organizations/alder-it/calendar/public/?country=AT&first=2026&last=2026",
    "/organizations/alder-it/wording/",
    "/organizations/alder-it/house-style/",
    "/organizations/alder-it/document-templates/",
    "/organizations/alder-it/document-templates/new/?from=capacity-plan",
    "/jobs/",
    "/account/notifications/",
    "/gallery/",
    "/projects/alder/",
    "/projects/alder/?as_of=2026-02-10",
    "/projects/alder/report/",
    "/projects/alder/phases/0/",
    "/projects/alder/phases/0/end/",
    "/projects/alder/phases/1/",
    "/projects/alder/phases/1/?open=CH.i",
    "/projects/alder/activities/CH.i/",
    "/projects/alder/plan/",
    "/projects/alder/plan/?phase=2",
    "/projects/alder/plan/print/",
    "/projects/alder/plan/packages/RE/2/",
    "/projects/alder/team/",
    "/projects/alder/team/invite/",
    "/projects/alder/team/members/grant/",
    "/projects/alder/team/parties/new/",
    "/projects/alder/plan/recompute/",
    "/projects/alder/plan/phases/?phase=2&start=2026-07-27&end=2027-01-24&shift=on",
    "/projects/alder/plan/rules/",
    "/projects/alder/plan/links/",
    "/projects/alder/role-map/",
    "/projects/alder/plan/import/",
    "/projects/alder/role-map/components/",
    "/projects/alder/role-map/components/CH/",
    "/projects/alder/role-map/roles/change-management/",
    "/projects/alder/role-map/unassigned/",
    "/projects/alder/role-map/suggestions/",
    "/projects/alder/role-map/raci/",
    "/projects/alder/workload/",
    "/projects/alder/plan/baselines/",
    "/projects/alder/plan/baselines/compare/?a=1",
    "/projects/alder/search/?q=change",
    "/projects/alder/business-case/points/",
    *(f"/projects/alder/business-case/points/{point}/" for point in "adf"),
    "/projects/alder/business-case/lines/cost/C-01/",
    "/projects/alder/business-case/settings/",
    "/projects/alder/business-case/gap-analysis/",
    "/projects/alder/business-case/gap-analysis/points/cost/",
    "/projects/alder/business-case/gap-analysis/lines/cost/new/",
    "/projects/alder/documents/",
    "/projects/alder/documents/coverage/",
    "/projects/alder/documents/templates/",
    "/projects/alder/documents/templates/incident-management-procedure/",
    "/projects/alder/documents/new/",
    "/projects/alder/evidence/",
    "/projects/alder/evidence/new/",
    "/projects/alder/evidence/wrong/",
    "/projects/alder/evidence/requests/",
    "/projects/alder/evidence/requests/new/?ref=CH.i",
    "/projects/alder/evidence/requests/Q-0001/",
    "/projects/alder/evidence/new/?request=Q-0001",
    "/projects/alder/evidence/records/",
    "/projects/alder/evidence/period/",
    "/projects/alder/evidence/E-0001/",
    "/projects/alder/evidence/E-0001/change/",
    "/projects/alder/documents/interfaces/",
    "/projects/alder/documents/interfaces/matrix/",
    "/projects/alder/documents/interfaces/process/?process=IN",
    "/projects/alder/documents/interfaces/new/",
    "/projects/alder/documents/interfaces/X-001/",
    "/projects/alder/governance/committee/",
    "/projects/alder/governance/committee/join/",
    "/projects/alder/governance/meetings/",
    "/projects/alder/governance/meetings/new/",
    "/projects/alder/governance/meetings/M-01/",
    "/projects/alder/governance/meetings/M-02/",
    "/projects/alder/documents/communication/",
    "/projects/alder/documents/communication/new/",
    "/projects/alder/documents/communication/C-001/",
    "/projects/alder/documents/competence/",
    "/projects/alder/documents/competence/new/",
    "/projects/alder/documents/competence/own-part/",
    "/projects/alder/documents/policies/",
    "/projects/alder/documents/policies/change-management-policy/",
    "/projects/alder/documents/objectives/",
    "/projects/alder/documents/objectives/new/",
    "/projects/alder/documents/objectives/O-01/",
    "/projects/alder/documents/objectives/O-01/change/",
    "/projects/alder/evidence/E-0001/preview/1/",
    "/projects/alder/documents/how-we-answer/",
    "/projects/alder/documents/how-we-answer/edit/",
    "/projects/alder/documents/how-we-answer/fill/",
    "/projects/alder/documents/how-we-answer/facts/",
    "/projects/alder/documents/how-we-answer/import/",
    "/projects/alder/documents/how-we-answer/compare/",
    "/projects/alder/documents/how-we-answer/talk/what-we-do/",
    "/projects/alder/documents/how-we-answer/versions/0.1/preview/",
    "/projects/alder/documents/how-we-answer/submit/",
    "/projects/alder/documents/how-we-decide/decide/1.0/",
    "/projects/alder/documents/how-we-approve/publish/",
    "/projects/alder/documents/how-we-publish/read/",
    "/projects/alder/documents/how-we-publish/readers/",
    "/projects/alder/documents/how-we-publish/confirm/",
    "/projects/alder/documents/how-we-publish/archive/",
    "/projects/alder/evidence/rules/",
    "/projects/alder/evidence/disposal/",
    "/projects/alder/evidence/disposal/holds/",
    "/projects/alder/evidence/disposal/record/",
    "/projects/alder/governance/gates/1/",
    "/projects/alder/governance/gates/1/settings/",
    "/projects/alder/governance/gates/0/criteria/entry-a/",
    "/projects/alder/governance/decisions/",
    "/projects/alder/governance/decisions/new/",
    "/projects/alder/governance/decisions/D-01/",
    "/projects/alder/governance/decisions/D-01/record/",
    "/projects/alder/governance/decisions/D-02/",
    "/projects/alder/governance/actions/",
    "/projects/alder/governance/actions/new/",
    "/projects/alder/governance/actions/A-01/",
    "/projects/alder/gap/",
    "/projects/alder/gap/new/",
    "/projects/alder/gap/targets/",
    "/projects/alder/gap/challenges/",
    "/projects/alder/gap/baseline/",
    "/projects/alder/gap/baseline/assessors/",
    "/projects/alder/gap/baseline/import/",
    "/projects/alder/gap/baseline/answer/Q-8.6.1-01/",
    "/projects/alder/gap/baseline/confirm/",
    "/projects/alder/gap/baseline/proposals/",
    "/projects/alder/gap/interim/proposals/",
    "/projects/alder/gap/interim/proposals/?show=gaps",
    "/projects/alder/gap/interim/proposals/?show=decided",
    "/projects/alder/gap/baseline/change/",
    "/projects/alder/gap/interim/results/",
    "/projects/alder/gap/interim/results/print/",
    "/projects/alder/gap/compare/",
    "/projects/alder/business-case/print/",
    "/projects/alder/business-case/print/?version=2",
    "/projects/alder/business-case/gap-analysis/print/",
    "/projects/alder/business-case/versions/",
    "/projects/alder/business-case/versions/1/",
    "/projects/alder/business-case/versions/2/",
    "/projects/alder/business-case/versions/2/compare/",
    "/projects/alder/business-case/release/",
    "/projects/alder/business-case/gap-analysis/submit/",
    "/projects/alder/business-case/gap-analysis/versions/",
    "/projects/alder/risks/",
    "/projects/alder/risks/?state=all&view=after&why=attention",
    "/projects/alder/risks/new/?typical=sponsor-not-seen",
    "/projects/alder/risks/typical/",
    "/projects/alder/risks/R-01/",
    "/projects/alder/risks/R-01/change/",
    "/projects/alder/plan/tailoring/",
    "/projects/alder/plan/tailoring/?show=all&phase=1",
    "/projects/alder/plan/tailoring/leave-out/?component=CH",
    "/projects/alder/plan/tailoring/own/",
    "/projects/alder/plan/tailoring/phases/CH.i/",
    "/projects/alder/plan/tailoring/parts/CH.i/",
    "/projects/alder/business-case/",
    "/projects/alder/business-case/figures/npv/",
    "/projects/alder/business-case/figures/cash-flow/",
    "/projects/alder/business-case/services/",
    "/projects/alder/business-case/analysis/",
    "/projects/alder/settings/",
    "/projects/alder/supplement/",
    "/projects/alder/business-case/actuals/",
    "/projects/alder/business-case/actuals/import/",
    "/projects/alder/business-case/outlook/",
    "/projects/alder/business-case/outlook/1/",
    "/projects/alder/business-case/benefits/",
    "/projects/alder/business-case/benefits/B-01/?month=2026-01",
    "/projects/alder/trail/",
    "/projects/alder/governance/lessons/",
    "/projects/alder/governance/lessons/new/?component=CH",
    "/projects/alder/governance/lessons/L-01/?edit=1",
    "/projects/alder/governance/lessons/L-01/activity/",
    "/projects/alder/governance/lessons/L-01/action/",
    "/projects/alder/governance/outcomes/1/",
    "/projects/alder/governance/phase-end/1/",
    "/accounts/2fa/",
    "/accounts/password/change/",
    "/no/such/page/",
    "/projects/alder/governance/commitment/",
    "/projects/alder/audits/requests/?view=all",
    "/projects/alder/audits/requests/new/?edition=2018&clause=9.2",
    "/projects/alder/audits/requests/AR-01/",
    "/projects/alder/audits/findings/?view=all",
    "/projects/alder/audits/findings/new/",
    "/projects/alder/audits/findings/F-01/?edit=treat",
    "/projects/alder/audits/findings/F-01/actions/1/change/",
    "/projects/alder/audits/findings/take-over/",
    "/projects/alder/audits/",
    "/projects/alder/audits/new/",
    "/projects/alder/audits/programmes/new/",
    "/projects/alder/audits/IA-01/",
    "/projects/alder/audits/IA-01/team/",
    "/projects/alder/audits/IA-01/points/1/",
    "/projects/alder/audits/IA-01/points/1/finding/",
    "/projects/alder/audits/IA-01/report/",
    "/projects/alder/audits/certification/",
    "/projects/alder/audits/certification/way/",
    "/projects/alder/audits/certification/bodies/1/",
    "/projects/alder/audits/certification/audits/new/",
    "/projects/alder/audits/certification/audits/X-01/",
    "/projects/alder/audits/calendar/",
    "/projects/alder/audits/calendar/new/",
    "/projects/alder/audits/calendar/1/",
    "/projects/alder/audits/services/",
    "/projects/alder/audits/services/new/",
    "/projects/alder/audits/services/S-01/",
    "/projects/alder/clauses/",
    "/projects/alder/clauses/2018/8.5.1/",
    "/projects/alder/audits/visitors/",
    "/projects/alder/audits/visitors/invite/",
    "/projects/alder/packs/",
    "/projects/alder/packs/new/?edition=2018&clause=8.5.1",
    "/projects/alder/packs/check/",
    "/projects/alder/packs/P-01/",
    "/projects/alder/audits/improvements/",
    "/projects/alder/audits/improvements/new/",
    "/projects/alder/audits/improvements/I-01/",
    "/projects/alder/audits/reviews/",
    "/projects/alder/audits/reviews/new/",
    "/projects/alder/audits/reviews/MR-01/",
    "/projects/alder/audits/risks/",
    "/projects/alder/audits/risks/new/",
    "/projects/alder/audits/risks/SR-01/",
]


WIDE: Final = (1440, "light")
NARROW: Final = (390, "dark")


def _look_as(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def _scrolling(page: Page, path: str) -> list[str]:
    """A sentence where the page is wider than the window."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{path}: scrolls sideways at {wide[1]} px"] if wide[0] > wide[1] else []


@pytest.mark.parametrize("half", [0, 1])
def test_no_page_breaks_a_rule_or_scrolls_sideways(enter, page: Page, live_server, cast: Cast, half: int) -> None:
    enter("olga")
    wrong = []
    row = cast.row("CH.i", 1)
    take_baseline(acting_user=cast.mara, project=cast.project, name="Start")
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 2)], due=date(2026, 12, 1))
    for take in (take_interfaces, take_lines, take_competences):
        take(acting_user=cast.mara, project=cast.project)
    with_meeting(cast)
    held_meeting(cast)
    objective = take_objective(acting_user=cast.mara, project=cast.project, key="first-contact")
    write_value(acting_user=cast.mara, objective=objective, month=date(2026, 2, 1), value=Decimal(58))
    add_item(cast, refs=("CH.i",), shows="Ten change records")
    begin_document(cast, body=ASKING)
    begin_controlled(cast, "olga")
    asked = ask_for(cast, activity=row.activity)
    give_evidence(acting_user=cast.mara, request=asked, item_keys=["E-0001"])
    load_questionnaire(folder=PACK)
    assessment = move(cast, make(cast), "in progress")
    give(cast, assessment, "Q-8.6.1-01", "major gap", note="No priorities.")
    interim = move(cast, make(cast, "ad hoc", title="Interim"), "in progress")
    give(cast, interim, "Q-5.2.1-01", "conforms")
    give(cast, interim, "Q-8.6.1-01", "major gap", note="No priorities.")
    move(cast, interim, "in review", "locked")
    again = move(cast, make(cast, "ad hoc", title="Interim"), "in progress")
    give(cast, again, "Q-8.6.1-01", "minor gap")
    give(cast, again, "Q-8.5.1.3-01", "excluded")
    begun(cast, "gap analysis")
    case = two_versions(cast, "olga", "toma")[1].case
    risk = {"title": "Suppliers refuse", "category": "financial", "probability": 4, "impact": 3}
    report_risk(acting_user=cast.mara, project=cast.project, values=risk)
    record_costs(acting_user=cast.mara, case=case, entries=[CostEntry(case.first_month, Decimal(70), line="C-01")])
    benefit = BenefitLine.objects.get(case=case, ref="B-01")
    confirm_benefit(acting_user=cast.mara, line=benefit, month=case.first_month, amount=Decimal(5))
    living.simulated(cast)
    lesson = LessonFacts("Forms came late.", "Forms first.", component="CH", phase=1, owner=cast.parties["petra"])
    capture_lesson(acting_user=cast.mara, project=cast.project, facts=lesson)
    asking(cast)
    held(cast)
    improving(cast, "done")
    auditing(cast)
    keep(cast)
    on_the_way(cast)
    waiting(cast)
    asked_with_all(cast)
    record(cast, ask(cast, title="Move gate 2"), "approved with conditions", conditions=[condition(cast)])
    paths = [*PATHS, f"/projects/alder/rows/{row.pk}/", f"/projects/alder/rows/{row.pk}/contributors/"]
    paths.append(f"/projects/alder/documents/competence/own-part/{cast.parties['petra'].uuid}/")
    for place, path in enumerate(paths):
        # Two processes share the pages. Axe looks at each once, every other one on a phone in the dark; then each must
        # fit at the other width too.
        if place % 2 != half:
            continue
        first, second = (WIDE, NARROW) if place // 2 % 2 else (NARROW, WIDE)
        _look_as(page, *first)
        page.goto(live_server.url + path)
        for violation in Axe().run(page, options=RULES).response["violations"]:
            nodes = [node["target"] for node in violation["nodes"][:2]]
            wrong.append(f"{path}: {violation['id']} {violation['help']} {nodes}")
        wrong += _scrolling(page, path)
        _look_as(page, *second)
        wrong += _scrolling(page, path)
    assert wrong == []


def test_the_pages_before_signing_in_break_no_rule(page: Page, live_server, cast: Cast) -> None:
    wrong = []
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/invitations/none/"):
        page.goto(live_server.url + path)
        wrong += [f"{path}: {v['id']}" for v in Axe().run(page, options=RULES).response["violations"]]
    assert wrong == []
