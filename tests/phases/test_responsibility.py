"""Who answers for an activity: the one rule, and giving out work by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.choices import AssignedBy, Part
from phases.domain.responsibility import (
    HAND,
    NOBODY,
    PACKAGE,
    PARTS,
    ROLE_MAP,
    People,
    answer_for,
    responsible,
)
from phases.models import Contributor, Package, PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.people import named_in
from phases.selectors.role_map import role_map_of
from phases.services.hand_out import hand_out
from phases.services.make_rows import Ground
from phases.services.role_map import set_role_map
from phases.services.rows import assign_party
from projects.models import Party
from tests.cast import Cast

OTHER = "CH.b"
parties = st.none() | st.integers(1, 5)


class TestRule:
    def test_the_words_are_those_of_the_plan(self) -> None:
        assert {NOBODY, ROLE_MAP, PACKAGE, HAND} == set(AssignedBy.values)
        assert set(PARTS) == set(Part.values)

    @pytest.mark.parametrize(
        ("by_hand", "package_owner", "role_component", "role_all", "answer"),
        [
            (1, 2, 3, 4, (1, HAND)),
            (None, 2, 3, 4, (2, PACKAGE)),
            (None, None, 3, 4, (3, ROLE_MAP)),
            (None, None, None, 4, (4, ROLE_MAP)),
            (None, None, None, None, (None, NOBODY)),
        ],
    )
    def test_the_nearer_word_counts(self, by_hand, package_owner, role_component, role_all, answer) -> None:
        assert (
            responsible(by_hand=by_hand, package_owner=package_owner, role_component=role_component, role_all=role_all)
            == answer
        )

    @given(parties, parties, parties, parties)
    def test_somebody_answers_as_soon_as_anybody_is_named(self, by_hand, owner, component, everywhere) -> None:
        party, how = responsible(by_hand=by_hand, package_owner=owner, role_component=component, role_all=everywhere)
        named = [by_hand, owner, component, everywhere]
        assert party == next((each for each in named if each is not None), None)
        assert (how == NOBODY) == (party is None)


class TestAnswer:
    def test_the_later_roles_contribute(self) -> None:
        people = People({("First", ""): 1, ("Second", ""): 2, ("Second", "CH"): 3})
        answer = answer_for(people, ["First", "Second"], "CH")
        assert (answer.accountable, answer.assigned_by, answer.contributors) == (1, ROLE_MAP, (3,))

    def test_under_the_owner_of_a_package_the_first_role_still_does_the_work(self) -> None:
        people = People({("First", ""): 1, ("Second", ""): 2})
        answer = answer_for(people, ["First", "Second"], "CH", package_owner=9)
        assert (answer.accountable, answer.assigned_by, answer.contributors) == (9, PACKAGE, (1, 2))

    def test_who_was_chosen_by_hand_takes_the_place_of_the_first_role(self) -> None:
        answer = answer_for(People({("First", ""): 1, ("Second", ""): 2}), ["First", "Second"], "CH", by_hand=9)
        assert (answer.accountable, answer.contributors) == (9, (2,))

    def test_further_parties_of_all_components_and_of_one_add_up_and_the_nearer_word_counts(self) -> None:
        people = People({}, {("First", ""): {4: "informed", 5: "consulted"}, ("First", "CH"): {4: "contributes"}})
        assert (answer := answer_for(people, ["First"], "CH")).contributors == (4,)
        assert answer.consulted == (5,)
        elsewhere = answer_for(people, ["First"], "IN")
        assert (elsewhere.contributors, elsewhere.consulted, elsewhere.informed) == ((), (5,), (4,))

    @given(
        st.dictionaries(st.tuples(st.sampled_from("FS"), st.sampled_from(["", "CH"])), st.integers(1, 4)),
        st.dictionaries(
            st.tuples(st.sampled_from("FS"), st.sampled_from(["", "CH"])),
            st.dictionaries(st.integers(1, 4), st.sampled_from(PARTS)),
        ),
        parties,
        parties,
    )
    def test_nobody_stands_twice(self, takes, parts, by_hand, owner) -> None:
        answer = answer_for(People(takes, parts), ["F", "S"], "CH", by_hand=by_hand, package_owner=owner)
        named = [answer.accountable, *answer.contributors, *answer.consulted, *answer.informed]
        assert len(set(named)) == len(named)


@pytest.mark.django_db
class TestHandingOut:
    def own(self, cast: Cast, who: str | None, component: str = "CH", phase: int = 1) -> Package:
        package = Package.objects.get(project=cast.project, component=component, phase_number=phase)
        Package.objects.filter(pk=package.pk).update(owner=cast.parties[who] if who else None)
        return package

    def give_every_role(self, cast: Cast, who: str) -> None:
        entries = {(row.entry.role, ""): cast.parties[who] for row in role_map_of(cast.project).rows}
        set_role_map(acting_user=cast.mara, project=cast.project, entries=entries)

    def test_the_owner_of_a_package_goes_before_the_role_map_and_leaves_no_other_package(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        self.own(cast, "petra")
        count, drafts = hand_out(cast.project, "package")
        rows = PhaseActivity.objects.filter(project=cast.project, activity__component="CH")
        assert count == rows.filter(phase_number=1).count() > 0
        assert set(rows.filter(phase_number=1).values_list("accountable", "assigned_by")) == {
            (cast.parties["petra"].pk, "package")
        }
        assert set(rows.exclude(phase_number=1).values_list("accountable", "assigned_by")) == {
            (cast.parties["tim"].pk, "role map")
        }
        assert {draft.reason for draft in drafts} == {"package"}
        assert Contributor.objects.filter(party=cast.parties["tim"]).count() == count

    def test_what_was_given_by_hand_stays_and_what_the_package_leaves_goes_back_to_the_role(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        assign_party(
            acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], party=cast.parties["cora"]
        )
        self.own(cast, "petra")
        hand_out(cast.project, "package")
        assert cast.row("CH.i").accountable == cast.parties["cora"]
        self.own(cast, None)
        hand_out(cast.project, "package")
        assert cast.row("CH.i").accountable == cast.parties["cora"]
        assert cast.row(OTHER).accountable == cast.parties["tim"]

    def test_a_second_time_it_changes_nothing(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        self.own(cast, "petra")
        hand_out(cast.project, "package")
        assert hand_out(cast.project, "package") == (0, [])

    def test_who_takes_no_activities_any_more_keeps_what_they_have_and_gets_nothing_new(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        row = cast.row("CH.i")
        PhaseActivity.objects.filter(pk=row.pk).update(accountable=None, assigned_by="")
        Party.objects.filter(pk=cast.parties["tim"].pk).update(is_active=False)
        assert hand_out(cast.project, "role map") == (0, [])
        assert cast.row("CH.i").accountable is None
        assert cast.row(OTHER).accountable == cast.parties["tim"]

    def test_new_rows_are_given_out_by_the_same_rule(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        self.own(cast, "petra")
        named, text = named_in(cast.project), texts_for(cast.project).activities["CH.i"]
        ground = Ground(
            {},
            role_map={place: named.parties[pk] for place, pk in named.people.takes.items()},
            owners={place: named.parties[pk] for place, pk in named.owners.items()},
        )
        assert [(a.accountable, a.assigned_by) for a in ground.answers([(text, 1), (text, 2)])] == [
            (cast.parties["petra"].pk, "package"),
            (cast.parties["tim"].pk, "role map"),
        ]

    def test_the_trail_names_contributors_by_name_and_id(self, cast: Cast) -> None:
        self.give_every_role(cast, "tim")
        self.own(cast, "petra")
        drafts = [draft for draft in hand_out(cast.project, "package")[1] if draft.action == "set contributors"]
        assert drafts[0].changes == {
            "contributors": [[], ["Tim Tully"]],
            "contributor ids": [[], [cast.parties["tim"].pk]],
        }
