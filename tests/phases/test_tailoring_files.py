"""What was tailored leaves as a file and comes back, and follows the plan to a newer version of its catalogue."""

from pathlib import Path

import pytest
from django.core.management import call_command

from audittrail.models import Event
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.moving import move_of, versions_of
from phases.services.tailoring.own import OwnActivity, add_own
from phases.services.tailoring.split import split
from phases.services.versions import Choices, move_to_version
from tests.cast import Cast
from tests.phases.packs import change_much, load_version

pytestmark = pytest.mark.django_db


def tailor(cast: Cast, ref: str) -> None:
    """An own activity, and one split in two."""
    common = {"acting_user": cast.mara, "project": cast.project, "reason": "Two sites"}
    said = OwnActivity("Hear the council", "CH", "define", ["Change management"])
    add_own(**common, said=said, phases=[2])
    whole = ProjectActivity.objects.get(project=cast.project, ref=ref)
    split(**common, activity=whole, names=["Graz", "Vienna"])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_tailored_plan_comes_back_and_changes_nothing(cast: Cast, tmp_path: Path, capsys, form: str):
    tailor(cast, "CH.i")
    target = tmp_path / f"plan.{form}"
    call_command("export_plan", "alder", format=form, output=str(target))
    before = Event.objects.count()
    call_command("import_plan", "alder", str(target))
    assert Event.objects.count() == before
    assert "CH.i/1" not in capsys.readouterr().out


def test_a_part_can_be_changed_by_a_file(cast: Cast, tmp_path: Path):
    tailor(cast, "CH.i")
    target = tmp_path / "plan.csv"
    target.write_text("ref,phase,note\nCH.i/2,2,From the file\nCH.own-1,2,Ours\n", encoding="utf-8")
    call_command("import_plan", "alder", str(target))
    assert cast.row("CH.i/2", 2).note == "From the file"
    assert cast.row("CH.own-1", 2).note == "Ours"


def test_parts_follow_the_whole_to_a_newer_version(cast: Cast, tmp_path: Path):
    load_version(tmp_path, change_much)
    for ref in ("CH.i", "CH.p"):
        tailor(cast, ref)
    rows = PhaseActivity.objects.filter(project=cast.project).count()
    move = move_of(cast.project, versions_of(cast.project)[0])
    assert sorted(each.text.ref for each in move.removed) == ["CH.p", "CH.q"]
    move_to_version(acting_user=cast.mara, project=cast.project, step=move.step, choices=Choices(), seen=move.digest)
    found = {each.ref: each for each in ProjectActivity.objects.filter(project=cast.project)}
    assert found["CH.i/1"].catalogue_activity_id == found["CH.i"].catalogue_activity_id is not None
    assert found["CH.p/1"].catalogue_activity_id is found["CH.p"].catalogue_activity_id is None
    assert found["CH.p"].roles
    assert found["CH.p/1"].title.endswith(": Graz")
    assert texts_for(cast.project).version == move.step.target.version
    assert PhaseActivity.objects.filter(project=cast.project).count() == rows
