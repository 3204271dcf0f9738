"""Loading packs, and refusing what was changed after release."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from audittrail.models import Event
from common.content import ContentError
from phases.content import read_pack
from phases.models import Catalogue, CatalogueActivity
from phases.services.catalogues import load_catalogue

FOLDER = Path(settings.CONTENT_DIR) / "catalogues" / "tr20000-5-2010"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "pack"))


def test_loading_again_changes_nothing(catalogue: Catalogue) -> None:
    events = Event.objects.count()
    again, is_new = load_catalogue(folder=FOLDER)
    assert (again.pk, is_new) == (catalogue.pk, False)
    assert Event.objects.count() == events
    assert CatalogueActivity.objects.filter(catalogue=catalogue).count() == 293 + 8


def test_it_refuses_a_released_version_that_changed_and_names_the_file(catalogue: Catalogue, copy: Path) -> None:
    path = copy / "activities.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Set the policies", "Fix the policies"), encoding="utf-8")
    with pytest.raises(ContentError, match=r"version 1\.0 was released and loaded; activities\.yaml differ"):
        load_catalogue(folder=copy)


def test_a_changed_text_under_a_new_version_is_a_catalogue_of_its_own(catalogue: Catalogue, copy: Path) -> None:
    meta = copy / "catalogue.yaml"
    meta.write_text(meta.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "1.1"'), encoding="utf-8")
    other, is_new = load_catalogue(folder=copy)
    assert is_new
    assert other.pk != catalogue.pk


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("activities.yaml", "nature: define", "nature: decide", "nature must be one of"),
        ("activities.yaml", "component: MR", "component: XX", "is not in components.yaml"),
        ("activities.yaml", "ref: MR.a\n", "ref: MR.b\n", "there twice"),
        ("activities.yaml", 'clauses_2011: ["4.1', 'clauses_2011: [4.1, "4.1', "quote the numbers"),
        ("catalogue.yaml", 'version: "1.0"', "version: 1.0", "version must be a text"),
        ("components.yaml", "- code: MR", "- code: [", "not readable as YAML"),
    ],
)
def test_it_says_what_is_wrong_in_which_file(copy: Path, file: str, old: str, new: str, said: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        read_pack(copy)


def test_a_folder_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"catalogue\.yaml is missing"):
        read_pack(tmp_path)


def test_the_command_ends_with_one_line(catalogue: Catalogue, copy: Path, settings) -> None:
    settings.CONTENT_DIR = copy.parent
    (copy.parent / "catalogues").mkdir()
    shutil.move(copy, copy.parent / "catalogues" / "pack")
    path = settings.CONTENT_DIR / "catalogues" / "pack" / "components.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"components\.yaml"):
        call_command("load_content")
