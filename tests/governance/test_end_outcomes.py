"""Outcomes of a phase: attested by who answers for the process, confirmed by somebody else."""

import pytest
from django.test import Client

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.models import OutcomeReport
from governance.selectors.outcomes import outcome_counts, outcomes_of
from governance.services.outcomes import attest_outcome, confirm_outcome
from phases.models import Phase, PlanRules
from phases.services.rows import assign_party
from tests.cast import Cast


@pytest.fixture
def begun(cast: Cast) -> Cast:
    """Phase 1 has started, and Petra answers for CH.i."""
    Phase.objects.filter(project=cast.project, number=1).update(state="active", started_on="2026-03-01")
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], party=cast.parties["petra"]
    )
    return cast


def attest(cast: Cast, who: str = "petra", key: str = "CH", version: int = 0, attested: str = "reached", **more):
    """Somebody says something of an outcome of phase 1."""
    return attest_outcome(
        acting_user=cast.people[who],
        project=cast.project,
        phase=more.pop("phase", 1),
        edition=more.pop("edition", "2010"),
        key=key,
        version=version,
        attested=attested,
        **more,
    )


def confirm(cast: Cast, who: str = "toma", version: int = 1):
    """Somebody confirms it."""
    return confirm_outcome(
        acting_user=cast.people[who], project=cast.project, phase=1, edition="2010", key="CH", version=version
    )


def test_who_answers_for_an_activity_attests_its_outcome_and_another_confirms_it(begun: Cast) -> None:
    before = outcome_counts(begun.project, 1)
    attest(begun)
    confirm(begun)
    counts = outcome_counts(begun.project, 1)
    assert (counts.expected, counts.reached, counts.confirmed) == (before.expected, 1, 1)
    assert before.expected > 10
    line = next(line for line in outcomes_of(begun.project, 1) if line.key == "CH")
    assert (line.is_confirmed, line.party, line.is_at_odds) == (True, "Petra Pohl", True)
    event = Event.objects.filter(stream_id=begun.project.uuid).order_by("-seq")[0]
    assert sentence(event).text == "Toma Tate confirmed that outcome CH of phase 1 is reached"
    with pytest.raises(RuleBroken, match="Toma Tate has confirmed it already"):
        confirm(begun, "mara", 2)


def test_what_is_said_otherwise_loses_its_confirmation(begun: Cast) -> None:
    attest(begun)
    confirm(begun)
    same = attest(begun, version=2)
    assert (same.version, same.confirmed_by) == (2, begun.toma), "the same again changes nothing"
    changed = attest(begun, version=2, attested="partly", note="Emergency changes are still missing.")
    assert (changed.confirmed_by, changed.confirmed_at, changed.version) == (None, None, 3)


def test_nobody_confirms_their_own_word_but_in_a_very_small_entity(begun: Cast) -> None:
    attest(begun, "mara")
    with pytest.raises(RuleBroken, match="somebody else confirms it"):
        confirm(begun, "mara")
    PlanRules.objects.filter(project=begun.project).update(very_small=True)
    confirm(begun, "mara")
    event = Event.objects.filter(stream_id=begun.project.uuid).order_by("-seq")[0]
    assert event.content["changes"]["own work"] == [None, True]


def test_others_and_too_early_and_unknown_are_refused(begun: Cast) -> None:
    with pytest.raises(NotPermitted):
        attest(begun, "tim")
    with pytest.raises(NotPermitted, match="answers for an activity"):
        attest(begun, key="IN")
    with pytest.raises(RuleBroken, match="has not started"):
        attest(begun, "mara", phase=2)
    with pytest.raises(RuleBroken) as refused:
        attest(begun, attested="partly")
    assert refused.value.field == "note"
    with pytest.raises(RuleBroken, match="attested as reached"):
        confirm(begun)
    with pytest.raises(OutcomeReport.DoesNotExist):
        attest(begun, "mara", key="NOPE")
    attest(begun)
    with pytest.raises(StaleWrite):
        attest(begun, "mara", attested="not yet")


def test_outcomes_by_clause_stand_beside_their_activities(begun: Cast) -> None:
    lines = {line.key: line for line in outcomes_of(begun.project, 1, "2013")}
    assert lines["4.1"].applicable > 0
    attest(begun, "mara", key="4.1", edition="2013")
    assert outcome_counts(begun.project, 1).reached == 0, "the gate counts those by component"


def test_an_owner_finds_the_outcomes_of_a_phase_in_review_in_my_work(begun: Cast, sign_in) -> None:
    client: Client = sign_in(begun.petra)
    assert "Outcomes to attest" not in client.get("/work/").content.decode()
    Phase.objects.filter(project=begun.project, number=1).update(state="in review")
    page = client.get("/work/").content.decode()
    assert "Outcomes to attest" in page
    assert "/projects/alder/governance/outcomes/1/" in page
    attest(begun)
    assert "Outcomes to attest" not in client.get("/work/").content.decode()


def test_the_page_saves_one_row_and_keeps_what_was_refused(begun: Cast, sign_in, django_assert_max_num_queries) -> None:
    here = "/projects/alder/governance/outcomes/1/"
    petra: Client = sign_in(begun.petra)
    with django_assert_max_num_queries(15):
        page = petra.get(here)
    assert page.context["waits_for_me"] == 1
    sent = {"edition": "2010", "key": "CH", "version": "0", "attested": "partly", "note": ""}
    refused = petra.post(here, sent)
    assert (refused.status_code, b"Say what is still missing." in refused.content) == (422, True)
    done = petra.post(here, {**sent, "attested": "reached", "note": "Every change has a record."})
    assert done.headers["Location"] == f"{here}#o-CH"
    stale = petra.post(here, {**sent, "note": "Late."})
    assert stale.status_code == 409
    toma: Client = sign_in(begun.toma)
    assert toma.get(here).context["to_confirm"] == 1
    assert toma.post(f"{here}confirm/", {"edition": "2010", "key": "CH", "version": "1"}).status_code == 302
    assert OutcomeReport.objects.get(key="CH").confirmed_by == begun.toma
    assert petra.get(f"{here}?edition=2013").context["by_clause"] is True
    assert petra.get(here.replace("/1/", "/4/")).status_code == 404
