"""The way to the certificate: chosen, quoted, planned, held; what must stand by when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.domain.certifying import anchors, next_round, planned_days, plus_months, standing, weekday
from audits.models import AuditFinding, CertificationBody, ExternalAudit
from audits.selectors.certification import way_page
from audits.services.certification import WayFacts, begin_statement, choose_way
from audits.services.certification_bodies import BodyFacts, add_body, settle_body
from audits.services.external_audits import (
    ExternalFacts,
    Held,
    add_external_audit,
    hold_external_audit,
    plan_external_audits,
)
from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from phases.models import Phase
from tests.audits.certifying import on_the_way
from tests.cast import Cast

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 12, 31))


def said(cast: Cast) -> str:
    """The last sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


@given(DAYS, st.integers(1, 60), st.integers(-400, 2000))
def test_what_comes_round_comes_after_both_its_day_and_when_it_was_done(due: date, months: int, after: int) -> None:
    done = due + timedelta(days=after)
    following = next_round(due, months, done)
    assert following > done
    assert following > due
    assert any(following == plus_months(due, months * count) for count in range(1, 200))


@given(DAYS)
def test_a_round_keeps_its_order_and_never_begins_on_a_weekend(day: date) -> None:
    days = list(planned_days(day).values())
    assert days == sorted(days)
    assert all(weekday(each).weekday() < 5 and 0 <= (weekday(each) - each).days < 3 for each in days)


def test_days_follow_practice_until_audits_are_agreed_and_then_those() -> None:
    usual = anchors(date(2027, 1, 4), {}, None)
    assert usual == {"stage 1": date(2027, 2, 1), "stage 2": date(2027, 3, 15), "statement": date(2027, 2, 15)}
    moved = anchors(date(2027, 1, 4), {"stage 1": date(2027, 5, 3)}, date(2027, 9, 1))
    assert moved == {"stage 1": date(2027, 5, 3), "stage 2": date(2027, 6, 14), "statement": date(2027, 9, 1)}
    assert anchors(None, {}, None) == {}
    assert plus_months(date(2027, 1, 31), 1) == date(2027, 2, 28)


def test_a_step_is_late_after_its_day_and_soon_within_four_weeks() -> None:
    today = date(2027, 1, 4)
    states = [standing(met=False, by=today + timedelta(days=days), today=today) for days in (-1, 0, 28, 29)]
    assert states == ["late", "soon", "soon", "later"]
    assert standing(met=True, by=today - timedelta(days=9), today=today) == "done"
    assert standing(met=False, by=None, today=today) == "open"


def test_only_who_manages_chooses_the_way_and_what_changed_meanwhile_is_not_lost(cast: Cast) -> None:
    facts = WayFacts("declaration", "2018", "No tender asks.", "Hosting")
    with pytest.raises(NotPermitted):
        choose_way(acting_user=cast.toma, project=cast.project, version=0, facts=facts)
    path = choose_way(acting_user=cast.mara, project=cast.project, version=0, facts=facts)
    assert said(cast) == "Mara Moss chose how conformity is shown: Self-declaration"
    with pytest.raises(StaleWrite):
        choose_way(acting_user=cast.mara, project=cast.project, version=0, facts=WayFacts("customers", "2018", "Other"))
    with pytest.raises(RuleBroken, match="ways"):
        choose_way(acting_user=cast.mara, project=cast.project, version=path.version, facts=WayFacts("luck", "2018"))


def test_one_body_at_most_is_chosen_and_never_one_without_a_price(cast: Cast) -> None:
    first = add_body(acting_user=cast.mara, project=cast.project, facts=BodyFacts("Norm", amount=Decimal(9000)))
    second = add_body(acting_user=cast.mara, project=cast.project, facts=BodyFacts("Lind", amount=Decimal(8000)))
    third = add_body(acting_user=cast.mara, project=cast.project, facts=BodyFacts("Late"))
    with pytest.raises(RuleBroken, match="already"):
        add_body(acting_user=cast.mara, project=cast.project, facts=BodyFacts("norm"))
    with pytest.raises(RuleBroken, match="not quoted"):
        settle_body(acting_user=cast.mara, body=third, version=1, state="chosen", why="Near")
    for body in (first, second):
        settle_body(acting_user=cast.mara, body=body, version=1, state="chosen", why="They know hosting.")
    assert said(cast) == "Mara Moss chose the certification body Lind"
    states = CertificationBody.objects.filter(project=cast.project).values_list("name", "state")
    assert dict(states) == {"Norm": "quoted", "Lind": "chosen", "Late": "asked"}
    with pytest.raises(StaleWrite):
        settle_body(acting_user=cast.mara, body=first, version=1, state="declined", why="Too far")


def test_the_round_is_planned_from_the_end_of_phase_3_and_keeps_what_is_agreed(cast: Cast) -> None:
    Phase.objects.filter(project=cast.project, number=3).update(end=None)
    with pytest.raises(RuleBroken, match="no last day"):
        plan_external_audits(acting_user=cast.mara, project=cast.project)
    Phase.objects.filter(project=cast.project, number=3).update(end=date(2027, 1, 4))
    agreed = ExternalFacts("stage 1", date(2027, 5, 3), None, booked=True)
    add_external_audit(acting_user=cast.mara, project=cast.project, facts=agreed)
    assert plan_external_audits(acting_user=cast.mara, project=cast.project) == 4
    days = dict(ExternalAudit.objects.filter(project=cast.project).values_list("kind", "starts_on"))
    assert days == {
        "stage 1": date(2027, 5, 3),
        "stage 2": date(2027, 6, 14),
        "surveillance 1": date(2028, 5, 15),
        "surveillance 2": date(2029, 5, 14),
        "recertification": date(2030, 3, 14),
    }
    assert plan_external_audits(acting_user=cast.mara, project=cast.project) == 0


def test_an_audit_is_held_once_and_only_the_last_ones_give_a_certificate(cast: Cast) -> None:
    def planned(kind: str) -> ExternalAudit:
        facts = ExternalFacts(kind, date(2025, 5, 5), date(2025, 5, 6))
        return add_external_audit(acting_user=cast.mara, project=cast.project, facts=facts)

    def hold(audit: ExternalAudit, **facts: object) -> ExternalAudit:
        values = {"outcome": "passed", "words": "Well prepared.", "ended_on": date(2025, 5, 6), **facts}
        return hold_external_audit(acting_user=cast.mara, audit=audit, version=1, held=Held(**values))

    first, second = planned("stage 1"), planned("stage 2")
    with pytest.raises(RuleBroken, match="No certificate"):
        hold(first, certificate_until=date(2028, 5, 5))
    with pytest.raises(RuleBroken, match="had not begun"):
        hold(first, ended_on=date(2025, 5, 1))
    with pytest.raises(RuleBroken, match="few words"):
        hold(first, words=" ")
    hold(first)
    assert said(cast) == "Mara Moss recorded that the audit X-01 Stage 1 was held: passed"
    with pytest.raises(RuleBroken, match="held already"):
        hold(first)
    hold(second, certificate_number="4711", certificate_until=date(2028, 5, 5))
    certificate = way_page(cast.project).certificate
    assert certificate is not None
    assert (certificate.ref, certificate.certificate_number) == ("X-02", "4711")


def test_the_statement_of_a_way_without_a_certificate_is_a_controlled_document(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Choose the way"):
        begin_statement(acting_user=cast.mara, project=cast.project)
    facts = WayFacts("declaration", "2018", scope_statement="Hosting")
    choose_way(acting_user=cast.mara, project=cast.project, version=0, facts=facts)
    document = begin_statement(acting_user=cast.mara, project=cast.project)
    assert document.title == "Self-declaration of conformity"
    page = way_page(cast.project)
    steps = {line.step.key: line for line in page.steps}
    assert (steps["scope"].state, steps["statement"].shown.words) == ("done", "begun, not in force yet")
    with pytest.raises(RuleBroken, match="already"):
        begin_statement(acting_user=cast.mara, project=cast.project)


def test_a_long_scope_is_cut_with_a_mark_among_the_steps(cast: Cast) -> None:
    facts = WayFacts("declaration", "2018", scope_statement="Hosting of the desks in Utrecht and Brno. " * 5)
    choose_way(acting_user=cast.mara, project=cast.project, version=0, facts=facts)
    words = {line.step.key: line.shown.words for line in way_page(cast.project).steps}["scope"]
    assert words.endswith("…")
    assert facts.scope_statement.startswith(words.rstrip("…"))


def test_the_page_says_what_must_stand_compares_quotes_and_takes_findings(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    on_the_way(cast)
    client = sign_in(cast.mara)
    with django_assert_max_num_queries(48):
        shown = client.get("/projects/alder/audits/certification/").content.decode()
    assert "<b>2 of 11</b> stand." in shown
    assert "Norm and Lind" in shown
    assert "1 quote" in shown
    assert client.get("/projects/alder/audits/certification/audits/X-99/").status_code == 404
    refused = client.post(
        "/projects/alder/audits/certification/bodies/new/", {"name": "", "notes": "They come by train."}
    )
    assert (refused.status_code, "They come by train." in refused.content.decode()) == (422, True)
    finding = {
        "grade": "minor",
        "title": "Reviews without minutes",
        "found": "Three of five had none.",
        "clauses": "9.3",
    }
    there = "/projects/alder/audits/certification/audits/X-01/finding/"
    early = client.post(there, finding)
    assert (early.status_code, "Three of five had none." in early.content.decode()) == (422, True)
    ExternalAudit.objects.filter(ref="X-01").update(state="held", ends_on=date(2025, 5, 6))
    answer = client.post(there, finding)
    assert answer.status_code == 302
    row = AuditFinding.objects.get(project=cast.project)
    assert (row.source, row.clauses, row.external_audit.ref if row.external_audit else "") == (
        "external audit",
        ["9.3"],
        "X-01",
    )
