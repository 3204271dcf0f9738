"""Who answers what: by hand, as the plan suggests, and after somebody left."""

import pytest

from common.exceptions import NotPermitted, StaleWrite
from gapanalysis.models import Assessment, Assessor
from gapanalysis.selectors import sections_of
from gapanalysis.selectors.assessors import added, given_in, suggestions_for, without_assessor
from gapanalysis.services.assessments import set_assessors
from projects.choices import PartyKind
from projects.models import Party
from projects.services.team import create_party
from tests.cast import Cast
from tests.gapanalysis.conftest import give

URL = "/projects/alder/gap/baseline/assessors/"


def party(cast: Cast, who: str) -> Party:
    return Party.objects.get(project=cast.project, user=cast.people[who])


def assign(cast: Cast, assessment: Assessment, given: dict[str, list[str]], **more) -> None:
    set_assessors(
        acting_user=cast.mara,
        project=cast.project,
        assessment=assessment,
        given={party(cast, who): sections for who, sections in given.items()},
        **more,
    )


def post(client, assessment: Assessment, **values):
    version = Assessment.objects.get(pk=assessment.pk).version
    return client.post(URL, {"version": version, **values}, follow=True)


def test_somebody_in_a_group_answers_what_the_group_was_given(cast: Cast, baseline: Assessment) -> None:
    group = create_party(
        acting_user=cast.mara,
        project=cast.project,
        name="Desk",
        kind=PartyKind.GROUP,
        members=[party(cast, "petra")],
    )
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given={group: ["8.5.1"]})
    assert sections_of(baseline, cast.petra) == ["8.5.1"]
    assert sections_of(baseline, cast.tim) is None
    give(cast, baseline, "Q-8.5.1.3-01", "conforms", who="petra")


def test_two_managers_at_once_do_not_overwrite_each_other(cast: Cast, baseline: Assessment) -> None:
    seen = Assessment.objects.get(pk=baseline.pk).version
    assign(cast, baseline, {"petra": ["8.5.1"]}, version=seen)
    with pytest.raises(StaleWrite) as stale:
        assign(cast, baseline, {"tim": ["8.5.1"]}, version=seen)
    assert stale.value.current == {party(cast, "petra").name: "8.5.1"}
    assert [row.party for row in Assessor.objects.filter(assessment=baseline)] == [party(cast, "petra")]


def test_sections_of_somebody_who_was_deactivated_have_nobody(cast: Cast, baseline: Assessment) -> None:
    assign(cast, baseline, {"petra": ["8.5.1"], "tim": ["8.6"]})
    cast.petra.is_active = False
    cast.petra.save()
    given = given_in(baseline)
    assert [(each.party.user.email.split("@")[0], each.is_absent) for each in given] == [
        ("petra", True),
        ("tim", False),
    ]
    assert without_assessor(["8.5.1", "8.6"], given) == ["8.5.1"]


def test_the_plan_suggests_who_is_responsible_for_most_of_a_section(cast: Cast, baseline: Assessment) -> None:
    rows = cast.project.phase_activities
    rows.filter(activity__ref__startswith="CH.").update(accountable=party(cast, "petra"))
    found = {each.section: each.party.user for each in suggestions_for(cast.project, baseline, ["8.5.1", "survey"])}
    assert found == {"8.5.1": cast.petra}


def test_nobody_is_suggested_who_has_left_or_where_nobody_is_responsible(cast: Cast, baseline: Assessment) -> None:
    cast.project.phase_activities.update(accountable=None)
    assert suggestions_for(cast.project, baseline, ["8.5.1"]) == []
    cast.project.phase_activities.filter(activity__ref__startswith="CH.").update(accountable=party(cast, "petra"))
    Party.objects.filter(pk=party(cast, "petra").pk).update(is_active=False)
    assert suggestions_for(cast.project, baseline, ["8.5.1"]) == []


def test_who_has_all_of_it_keeps_all_of_it(cast: Cast) -> None:
    one = party(cast, "petra")
    assert added({one: []}, one, ["8.5.1"]) == {one: []}
    assert added({one: ["9"]}, one, ["8.5.1"]) == {one: ["8.5.1", "9"]}


def test_a_manager_gives_changes_and_takes_on_the_page(cast: Cast, baseline: Assessment, sign_in) -> None:
    client, petra = sign_in(cast.mara), party(cast, "petra")
    post(client, baseline, action="give", party=petra.pk, what="some", section=["8.5.1", "8.6"])
    assert sections_of(baseline, cast.petra) == ["8.5.1", "8.6"]
    post(client, baseline, action="give", party=petra.pk, what="all")
    assert sections_of(baseline, cast.petra) == []
    post(client, baseline, action="take", party=petra.pk)
    assert sections_of(baseline, cast.petra) is None


def test_the_suggestion_is_taken_with_one_press(cast: Cast, baseline: Assessment, sign_in) -> None:
    petra, tim = party(cast, "petra"), party(cast, "tim")
    post(sign_in(cast.mara), baseline, action="suggested", pair=[f"{petra.pk}:8.5.1", f"{tim.pk}:8.6"])
    assert (sections_of(baseline, cast.petra), sections_of(baseline, cast.tim)) == (["8.5.1"], ["8.6"])


def test_giving_nothing_says_what_to_do(cast: Cast, baseline: Assessment, sign_in) -> None:
    answer = post(sign_in(cast.mara), baseline, action="give", party=party(cast, "petra").pk, what="some")
    assert answer.status_code == 422
    assert "Tick the sections that Petra" in answer.content.decode()
    answer = post(sign_in(cast.mara), baseline, action="give", party="", what="all")
    assert "Choose who answers." in answer.content.decode()


def test_another_clients_party_is_not_there(cast: Cast, baseline: Assessment, sign_in) -> None:
    other = Party.objects.filter(project=cast.other).first()
    assert other is not None
    client = sign_in(cast.mara)
    assert post(client, baseline, action="give", party=other.pk, what="all").status_code == 404
    assert post(client, baseline, action="suggested", pair=f"{other.pk}:8.6").status_code == 404
    assert client.get(f"{URL}?party={other.pk}").status_code == 404
    assert not Assessor.objects.exists()


def test_who_does_not_manage_reads_it(cast: Cast, baseline: Assessment, sign_in) -> None:
    assign(cast, baseline, {"petra": ["8.5.1"]})
    page = sign_in(cast.tim).get(URL).content.decode()
    assert "8.5.1 Change management" in page
    assert "Give sections" not in page
    with pytest.raises(NotPermitted):
        set_assessors(acting_user=cast.tim, project=cast.project, assessment=baseline, given={})
