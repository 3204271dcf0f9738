"""Changing packages: one on its page, several from the table; a preview first, then the change."""

from datetime import date

import pytest

from audittrail.models import Event
from common import clock
from phases.models import Package, Phase, PhaseActivity
from phases.selectors.plan_packages import plan_of_packages
from phases.selectors.wishes import PackageWish
from phases.services.packages import set_packages
from projects.models import Party
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db
PAGE = "/projects/alder/plan/packages/CH/2/"
MANY = "/projects/alder/plan/packages/"
DAYS = {"start": "2026-09-07", "end": "2026-10-30"}


def package_of(cast: Cast, component: str = "CH", phase: int = 2) -> Package:
    return Package.objects.get(project=cast.project, component=component, phase_number=phase)


def form(cast: Cast, do: str = "preview", **fields: object) -> dict[str, object]:
    return {"do": do, "version": package_of(cast).version, "start": "", "end": "", "owner": "", **fields}


def many(cast: Cast, *names: str, do: str = "preview", **fields: object) -> dict[str, object]:
    rows = []
    for name in names:
        component, phase = name.rsplit(".", 1)
        rows.append(f"{name}:{package_of(cast, component, int(phase)).version}")
    return {"do": do, "row": rows, "owner": "", "dates": "", "start": "", "end": "", **fields}


def state(cast: Cast) -> tuple[object, ...]:
    return (
        list(Package.objects.filter(project=cast.project).order_by("pk").values()),
        list(PhaseActivity.objects.filter(project=cast.project).order_by("pk").values()),
        Event.objects.count(),
    )


class TestOnePackage:
    def test_the_preview_says_what_moves_and_saves_nothing(self, cast: Cast, sign_in) -> None:
        before = state(cast)
        page = sign_in(cast.mara).post(PAGE, form(cast, **DAYS))
        assert page.status_code == 200
        moves = page.context["moves"]
        assert {move.component for move in moves.moves} == {"CH"}
        assert f'name="seen" value="{moves.digest}"' in page.content.decode()
        assert state(cast) == before

    def test_saving_what_was_seen_does_what_it_said(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        moves = client.post(PAGE, form(cast, **DAYS)).context["moves"]
        answer = client.post(PAGE, form(cast, do="save", seen=moves.digest, **DAYS))
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        package = package_of(cast)
        assert (package.start, package.end) == (date(2026, 9, 7), date(2026, 10, 30))
        for move in moves.moves:
            assert PhaseActivity.objects.get(pk=move.pk).due == move.after
        text = client.get(PAGE).content.decode()
        assert f"{len(moves.moves)} activities have new due dates." in text

    def test_an_owner_takes_the_open_activities(self, cast: Cast, sign_in) -> None:
        petra = cast.parties["petra"]
        answer = sign_in(cast.mara).post(PAGE, form(cast, do="save", owner=petra.pk))
        assert answer.status_code == 302
        assert package_of(cast).owner == petra
        rows = PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__component="CH")
        assert set(rows.values_list("accountable", flat=True)) == {petra.pk}

    def test_emptied_days_let_it_follow_its_phase_again(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        client.post(PAGE, form(cast, do="save", **DAYS))
        client.post(PAGE, form(cast, do="save"))
        assert (package_of(cast).start, package_of(cast).end) == (None, None)

    @pytest.mark.parametrize(
        ("days", "field"),
        [
            ({"start": "2026-10-30", "end": "2026-09-07"}, "end"),
            ({"start": "2026-09-07", "end": ""}, "end"),
            ({"start": "", "end": "2026-10-30"}, "start"),
            ({"start": "2026-02-30", "end": "2026-10-30"}, "start"),
            ({"start": "2019-01-01", "end": "2026-10-30"}, "start"),
            ({"start": "2026-09-07", "end": "2099-01-01"}, "end"),
        ],
    )
    def test_bad_days_stay_typed_and_are_named(self, cast: Cast, sign_in, days: dict[str, str], field: str) -> None:
        before = state(cast)
        for do in ("preview", "save"):
            page = sign_in(cast.mara).post(PAGE, form(cast, do=do, **days))
            assert page.status_code == 422
            assert field in page.context["form"].errors
            for value in filter(None, days.values()):
                assert f'value="{value}"' in page.content.decode()
        assert state(cast) == before

    def test_who_came_later_sees_both_and_can_save_over(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        mine = form(cast, do="save", **DAYS)
        wish = PackageWish("CH", 2, package_of(cast).version, None, None, cast.parties["tim"])
        set_packages(acting_user=cast.olga, project=cast.project, wishes=[wish], seen="")
        page = client.post(PAGE, mine)
        assert page.status_code == 409
        assert ("Tim Tully", "") in [(pair["current"], pair["sent"]) for pair in page.context["pairs"]]
        assert package_of(cast).start is None
        assert client.post(PAGE, dict(page.context["hidden"])).status_code == 302
        assert (package_of(cast).start, package_of(cast).owner) == (date(2026, 9, 7), None)

    def test_a_preview_that_the_plan_left_behind_is_refused(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        seen = client.post(PAGE, form(cast, **DAYS)).context["moves"].digest
        row = PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__component="CH").first()
        assert row is not None
        PhaseActivity.objects.filter(pk=row.pk).update(due=date(2026, 9, 1), due_is_own=True, version=row.version + 1)
        page = client.post(PAGE, form(cast, do="save", seen=seen, **DAYS))
        assert page.status_code == 409
        assert "The plan changed since you looked at this." in page.content.decode()
        assert package_of(cast).start is None
        # The page shows what would move now, and that can be saved.
        again = page.context["moves"].digest
        assert again != seen
        assert client.post(PAGE, form(cast, do="save", seen=again, **DAYS)).status_code == 302
        assert package_of(cast).start == date(2026, 9, 7)

    def test_so_it_is_for_several(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        sent = many(cast, "CH.2", "RE.2", dates="own", **DAYS)
        seen = client.post(MANY, sent).context["moves"].digest
        row = PhaseActivity.objects.filter(project=cast.project, phase_number=2, activity__component="CH").first()
        assert row is not None
        PhaseActivity.objects.filter(pk=row.pk).update(due=date(2026, 9, 1), due_is_own=True, version=row.version + 1)
        page = client.post(MANY, {**sent, "do": "save", "seen": seen})
        assert page.status_code == 409
        assert page.context["moves"].digest != seen
        assert package_of(cast).start is None

    def test_forms_that_no_page_sends_are_refused(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        assert client.post(PAGE, {"do": "preview"}).status_code == 428
        assert client.post(PAGE, form(cast, do="drop")).status_code == 400
        foreign = Party.objects.get(project=cast.other).pk
        page = client.post(PAGE, form(cast, owner=foreign))
        assert page.status_code == 422
        assert CANARY not in page.content.decode()

    @pytest.mark.parametrize("who", ["toma", "petra", "tim", "audra"])
    def test_who_may_not_plan_reads_and_cannot_write(self, cast: Cast, sign_in, who: str) -> None:
        client = sign_in(cast.people[who])
        text = client.get(PAGE).content.decode()
        assert "Preview the change" not in text
        assert client.post(PAGE, form(cast, do="save", **DAYS)).status_code == 403
        assert client.post(MANY, many(cast, "CH.2", do="save")).status_code == 403

    def test_a_closed_phase_takes_no_change(self, cast: Cast, sign_in) -> None:
        Phase.objects.filter(project=cast.project, number=2).update(
            state="closed", closed_on=clock.today(), closed_at=clock.now()
        )
        client = sign_in(cast.mara)
        assert "Preview the change" not in client.get(PAGE).content.decode()
        assert client.post(PAGE, form(cast, do="save", **DAYS)).status_code == 422


class TestSeveral:
    def test_the_owner_of_several_is_set_at_once_and_their_dates_stay(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        client.post(PAGE, form(cast, do="save", **DAYS))
        sent = many(cast, "CH.2", "RE.3", owner=cast.parties["petra"].pk)
        preview = client.post(MANY, sent)
        assert preview.status_code == 200
        assert [line.key for line in preview.context["lines"]] == [("CH", 2), ("RE", 3)]
        answer = client.post(MANY, {**sent, "do": "save", "seen": preview.context["moves"].digest})
        assert answer.status_code == 302
        owned = [line for line in plan_of_packages(cast.project).lines if line.owner == cast.parties["petra"]]
        assert [line.key for line in owned] == [("CH", 2), ("RE", 3)]
        assert package_of(cast).start == date(2026, 9, 7)

    def test_their_dates_are_set_or_given_back_to_the_phase(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        client.post(MANY, many(cast, "CH.2", "RE.2", do="save", dates="own", **DAYS))
        assert {package_of(cast, code).end for code in ("CH", "RE")} == {date(2026, 10, 30)}
        client.post(MANY, many(cast, "CH.2", "RE.2", do="save", dates="phase"))
        assert {package_of(cast, code).end for code in ("CH", "RE")} == {None}

    @pytest.mark.parametrize(
        ("names", "fields", "said"),
        [
            ((), {"dates": "phase"}, "Tick the packages that shall change."),
            (("CH.2",), {}, "Say what shall change: the owner, the dates, or both."),
            (("CH.2",), {"dates": "own", "start": "2026-09-07"}, "Give both days."),
            (("CH.2",), DAYS, "Choose “From start to end” to use these days, or empty them."),
            (("CH.2",), {"dates": "own", "start": "2026-10-30", "end": "2026-09-07"}, "The end lies before the start."),
        ],
    )
    def test_a_form_that_cannot_be_keeps_ticks_and_words(
        self, cast: Cast, sign_in, names: tuple[str, ...], fields: dict[str, str], said: str
    ) -> None:
        before = state(cast)
        page = sign_in(cast.mara).post(MANY, many(cast, *names, question="?phase=2", **fields))
        text = page.content.decode()
        assert page.status_code == 422
        assert said in text
        assert page.context["many"]["picked"] == set(names)
        assert page.context["query"].phase == 2
        assert state(cast) == before

    def test_all_change_or_none(self, cast: Cast, sign_in) -> None:
        sent = many(cast, "CH.2", "RE.2", do="save", dates="own", **DAYS)
        wish = PackageWish("RE", 2, package_of(cast, "RE").version, None, None, cast.parties["tim"])
        set_packages(acting_user=cast.olga, project=cast.project, wishes=[wish], seen="")
        page = sign_in(cast.mara).post(MANY, sent)
        assert page.status_code == 409
        assert package_of(cast).start is None

    def test_packages_of_no_plan_and_names_that_are_none_are_refused(self, cast: Cast, sign_in) -> None:
        client = sign_in(cast.mara)
        base = {"do": "save", "dates": "phase", "owner": "", "start": "", "end": ""}
        assert client.post(MANY, {**base, "row": "RE.1:1"}).status_code == 404
        for bad in ("CH.2", "CH:2:1", "CH.2:x", "2:1"):
            assert client.post(MANY, {**base, "row": bad}).status_code == 400
        assert client.post(MANY, {**base, "row": ["CH.2:1"] * 201}).status_code == 400
        assert client.post(MANY, {**base, "row": "CH.2:1", "question": "?x=1"}).status_code == 400
        assert client.post(MANY, {**base, "row": ["CH.2:1", "CH.2:1"]}).status_code == 422
