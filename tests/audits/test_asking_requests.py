"""Requests of auditors: asked, given, accepted or not enough, and the conversation of each."""

from datetime import timedelta

import pytest

from audits.choices import RequestState
from audits.models import AuditMessage, AuditRequest, AuditRequestEvidence
from audits.selectors.requests import RequestQuery, request_counts, requests_of
from audits.services.asking import Wanted, ask, give, say_of_request, settle
from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence.models import ActivityEvidence
from notifications.models import Notice, Occasion
from notifications.services.notices import note_occasions
from projects.permissions import access_to
from tests.audits.asking_cast import asked
from tests.cast import NOW, Cast
from tests.evidence.conftest import add as add_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


def fresh(request: AuditRequest) -> AuditRequest:
    """The request as the database has it."""
    return AuditRequest.objects.select_related("project").get(pk=request.pk)


def test_an_auditor_asks_and_who_is_asked_is_told(cast: Cast) -> None:
    request = asked(cast)
    assert (request.ref, request.state, request.clause) == ("AR-01", RequestState.ASKED, "9.2")
    event = Event.objects.filter(kind="audit request").get()
    assert sentence(event).text.startswith("Audra Ames asks Tim Tully for AR-01 The programme")
    note_occasions()
    assert list(Notice.objects.values_list("kind", "person")) == [("audit asks", cast.tim.pk)]
    with pytest.raises(NotPermitted):
        ask(acting_user=cast.mara, project=cast.project, wanted=Wanted("Something", NOW.date()))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"clause": "99.9"}, "clause"),
        ({"text": " "}, "text"),
        ({"due": NOW.date() - timedelta(1)}, "due"),
        ({"asked_of": "audra"}, "asked_of"),
    ],
)
def test_what_nobody_can_answer_is_refused_at_its_field(cast: Cast, more: dict, field: str) -> None:
    values: dict = {"text": "Show it", "due": NOW.date(), "asked_of": None} | more
    values["asked_of"] = cast.parties.get(values["asked_of"]) or (
        cast.project.parties.create(name="Audra", user=cast.audra) if values["asked_of"] else None
    )
    with pytest.raises(RuleBroken) as refused:
        ask(acting_user=cast.audra, project=cast.project, wanted=Wanted(**values))
    assert refused.value.field == field


def test_what_is_given_proves_the_activity_and_moves_the_request(cast: Cast) -> None:
    item = add_item(cast)
    request = asked(cast, activity=cast.row("CH.i").activity)
    with pytest.raises(RuleBroken) as refused:
        give(acting_user=cast.tim, request=request, version=1, keys=[], words=" ")
    assert refused.value.field == "items"
    given = give(acting_user=cast.tim, request=request, version=1, keys=[item.key], words="See page 3.")
    assert (given.state, given.version) == (RequestState.GIVEN, 2)
    assert AuditRequestEvidence.objects.get(request=request).item == item
    assert ActivityEvidence.objects.filter(item=item, activity__ref="CH.i").exists()
    assert AuditMessage.objects.get(request=request).words == "See page 3."
    assert Occasion.objects.get(kind="audit answered").facts["people"] == [cast.audra.pk]


def test_not_enough_needs_words_and_comes_back_to_who_was_asked(cast: Cast) -> None:
    request = give(acting_user=cast.tim, request=asked(cast), version=1, keys=[], words="In the wiki.")
    with pytest.raises(RuleBroken) as refused:
        settle(acting_user=cast.audra, request=request, version=2, state="not enough")
    assert refused.value.field == "words"
    settle(acting_user=cast.audra, request=request, version=2, state="not enough", words="Which page?")
    again = give(acting_user=cast.tim, request=request, version=3, keys=[], words="Page 3.")
    settled = settle(acting_user=cast.audra, request=again, version=4, state="accepted")
    assert (settled.state, settled.settled_by) == (RequestState.ACCEPTED, cast.audra)
    assert [each.words for each in AuditMessage.objects.filter(request=request)] == [
        "In the wiki.",
        "Which page?",
        "Page 3.",
    ]


def test_nobody_judges_what_they_gave_and_nobody_answers_for_another(cast: Cast) -> None:
    request = asked(cast)
    with pytest.raises(NotPermitted, match="Tim Tully"):
        give(acting_user=cast.petra, request=request, version=1, keys=[], words="Here")
    # The owner of the organization holds every capability, and gave it for Tim.
    item = add_item(cast)
    given = give(acting_user=cast.olga, request=request, version=1, keys=[item.key])
    with pytest.raises(NotPermitted, match="gave it"):
        settle(acting_user=cast.olga, request=given, version=2, state="accepted")
    assert fresh(request).state == RequestState.GIVEN


def test_of_two_people_at_once_one_acts(cast: Cast) -> None:
    request = asked(cast)
    give(acting_user=cast.tim, request=request, version=1, keys=[], words="Here")
    with pytest.raises(StaleWrite):
        settle(acting_user=cast.audra, request=request, version=1, state="withdrawn", words="Not needed")
    with pytest.raises(StaleWrite):
        give(acting_user=cast.mara, request=request, version=1, keys=[], words="Here, too")


def test_a_conversation_is_for_those_who_ask_and_answer(cast: Cast) -> None:
    request = asked(cast)
    say_of_request(acting_user=cast.audra, request=request, words="Take your time.")
    say_of_request(acting_user=cast.tim, request=request, words="Thank you.")
    with pytest.raises(NotPermitted):
        say_of_request(acting_user=cast.bruno, request=request, words="And me?")
    assert fresh(request).version == 1


def test_the_list_marks_late_ones_and_shows_a_member_of_the_team_what_was_asked_of_them(cast: Cast) -> None:
    late, other = asked(cast), asked(cast, "petra", days=30)
    with clock.moved_to(NOW + timedelta(days=10)):
        lines = requests_of(cast.project, access_to(cast.project, cast.audra), RequestQuery())
        assert [(line.request.pk, line.days_late) for line in lines] == [(late.pk, 3), (other.pk, None)]
        theirs = requests_of(cast.project, access_to(cast.project, cast.tim), RequestQuery())
        assert [line.request.pk for line in theirs] == [late.pk]
        counts = request_counts(cast.project, access_to(cast.project, cast.petra))
    assert counts == {"open": 2, "mine": 1, "late": 1, "given": 0, "all": 2}
