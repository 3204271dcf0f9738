"""The RACI matrix: its letters, the page, the file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.raci import ACCOUNTABLE, LETTERS, fold, letters_of
from phases.models import Phase, PhaseActivity
from phases.selectors.raci import RaciQuestion, raci_of
from phases.services.contributors import set_row_contributors
from phases.services.role_map import set_role_map
from phases.services.rows import assign_party, change_status
from projects.models import Party
from tests.cast import CANARY, Cast

PAGE = "/projects/alder/role-map/raci/"
CHANGE = "Change management"
ids = st.sets(st.integers(1, 6))


class TestLetters:
    def test_each_has_its_letter(self) -> None:
        assert letters_of(1, [2], [3], [4]) == {1: "A/R", 2: "R", 3: "C", 4: "I"}

    @given(st.none() | st.integers(1, 6), ids, ids, ids)
    def test_one_letter_each_the_strongest_and_one_accountable_at_most(self, accountable, working, asked, told) -> None:
        letters = letters_of(accountable, working, asked, told)
        assert set(letters) == working | asked | told | ({accountable} - {None})
        assert list(letters.values()).count(ACCOUNTABLE) == (accountable is not None)
        for party, letter in letters.items():
            named = [party == accountable, party in working, party in asked, party in told]
            assert letter == LETTERS[named.index(True)]

    def test_phases_with_the_same_letters_are_one_line(self) -> None:
        lines = fold([("CH.a", 1, {1: "A/R"}), ("CH.a", 2, {2: "A/R"}), ("CH.a", 3, {1: "A/R"}), ("CH.b", 1, {})])
        assert [(line.ref, line.phases, dict(line.letters)) for line in lines] == [
            ("CH.a", (1, 3), {1: "A/R"}),
            ("CH.a", (2,), {2: "A/R"}),
            ("CH.b", (1,), {}),
        ]
        assert [line.is_open_question for line in lines] == [False, False, True]


@pytest.mark.django_db
class TestMatrix:
    def letters(self, cast: Cast, ref: str, phase: int) -> dict[str, str]:
        raci = raci_of(cast.project, RaciQuestion(phase=phase))
        (line,) = [line for group in raci.groups for line in group.lines if line.line.ref == ref]
        return {party.name: cell for party, cell in zip(raci.parties, line.cells, strict=True) if cell}

    def name(self, cast: Cast) -> None:
        set_role_map(
            acting_user=cast.mara,
            project=cast.project,
            entries={(CHANGE, ""): cast.parties["tim"]},
            further={
                (CHANGE, ""): {cast.parties["cora"]: "informed", cast.parties["toma"]: "contributes"},
                (CHANGE, "CH"): {cast.parties["chen"]: "consulted"},
            },
        )

    def test_the_map_gives_the_letters(self, cast: Cast) -> None:
        self.name(cast)
        assert self.letters(cast, "CH.i", 2) == {
            "Tim Tully": "A/R",
            "Toma Tate": "R",
            "Chen Chair": "C",
            "Cora Cole": "I",
        }

    def test_what_was_set_by_hand_shows(self, cast: Cast) -> None:
        self.name(cast)
        hand = {"acting_user": cast.mara, "project": cast.project}
        assign_party(**hand, targets=[cast.target("CH.i", 2)], party=cast.parties["cora"])
        set_row_contributors(**hand, targets=[cast.target("CH.i", 2)], parties=[cast.parties["petra"]])
        assert self.letters(cast, "CH.i", 2) == {"Cora Cole": "A/R", "Petra Pohl": "R", "Chen Chair": "C"}
        assert self.letters(cast, "CH.i", 3)["Tim Tully"] == "A/R"

    def test_it_holds_every_phase_activity_that_applies_and_none_twice(self, cast: Cast) -> None:
        self.name(cast)
        change_status(
            acting_user=cast.mara,
            project=cast.project,
            targets=[cast.target("CH.i", 2)],
            status="not applicable",
            text="We do not.",
        )
        raci = raci_of(cast.project, RaciQuestion())
        held = [(line.line.ref, number) for g in raci.groups for line in g.lines for number in line.line.phases]
        assert len(held) == len(set(held)) == PhaseActivity.objects.filter(project=cast.project).count() - 1
        assert ("CH.i", 2) not in held

    def test_a_closed_phase_shows_when_it_is_asked_for(self, cast: Cast) -> None:
        Phase.objects.filter(project=cast.project, number=0).update(state="closed")
        assert {n for g in raci_of(cast.project, RaciQuestion()).groups for x in g.lines for n in x.line.phases} == {
            1,
            2,
            3,
        }
        closed = raci_of(cast.project, RaciQuestion(phase=0))
        assert closed.count > 0
        assert closed.open == 0

    def test_it_filters(self, cast: Cast, sign_in) -> None:
        self.name(cast)
        client = sign_in(cast.tim)
        page = client.get(f"{PAGE}?component=CH&phase=2&party={cast.parties['chen'].pk}")
        (group,) = page.context["raci"].groups
        assert group.code == "CH"
        assert all(line.line.phases == (2,) and "C" in line.cells for line in group.lines)
        assert page.context["raci"].count == len(group.lines) > 0

    @pytest.mark.parametrize("bad", ["phase=9", "phase=x", "component=XX", "party=x", "phase=1&phase=2", "x=1"])
    def test_what_it_does_not_know_is_refused(self, cast: Cast, sign_in, bad: str) -> None:
        assert sign_in(cast.mara).get(f"{PAGE}?{bad}").status_code == 400

    def test_a_party_of_another_client_is_none(self, cast: Cast, sign_in) -> None:
        foreign = Party.objects.get(project=cast.other).pk
        assert sign_in(cast.mara).get(f"{PAGE}?party={foreign}").status_code == 400

    def test_the_file_says_the_same_and_runs_no_formula(self, cast: Cast, sign_in) -> None:
        self.name(cast)
        Party.objects.filter(pk=cast.parties["tim"].pk).update(name="=cmd()")
        client = sign_in(cast.mara)
        rows = list(csv.reader(io.StringIO(client.get(PAGE + "export/?component=CH&phase=2").content.decode())))
        assert rows[0] == ["ref", "activity", "component", "phases", "'=cmd()", "Chen Chair", "Cora Cole", "Toma Tate"]
        assert next(row for row in rows if row[0] == "CH.i")[2:] == [CHANGE, "2", "A/R", "C", "I", "R"]
        assert client.get(PAGE + "export/?format=xlsx").content[:2] == b"PK"
        assert CANARY not in str(rows)

    def test_the_number_of_queries_does_not_depend_on_the_map(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                client.get(PAGE)
            return len(seen)

        queries()
        few = queries()
        self.name(cast)
        assert queries() == few
        assert few <= 15
