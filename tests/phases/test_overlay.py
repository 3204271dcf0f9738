"""An organization's own copy of the wording: checked, loaded whole, removed whole, seen by its members alone."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.table_rows import CellFault, Fault, TableRow
from common.uploads import Upload
from phases.domain.overlay import OverlayFault, check_rows
from phases.models import Wording, WordingOverlay, WordingPreview
from phases.selectors.overlay import copies_of, wording_of, wordings_for
from phases.services.overlay import confirm_overlay, preview_overlay, remove_overlay
from tests.access.test_canary import _addresses
from tests.cast import NOW, Cast
from tests.common.workbooks import workbook

PACK = "tr20000-5-2010"
LICENSED = "Licensed-text-of-the-standard-9c1e"
GOOD = f"ref,wording\nCH.i,{LICENSED} about changes\nIN.a,Another text\n"


def upload(text: str = GOOD, name: str = "copy.csv") -> Upload:
    return Upload(name, text.encode(), f"{abs(hash(text)):064x}"[:64])


def preview_of(cast: Cast, who: str = "olga", text: str = GOOD) -> WordingPreview:
    _check, preview = preview_overlay(
        acting_user=cast.people[who], organization=cast.alder, pack=PACK, upload=upload(text)
    )
    assert preview is not None
    return preview


def confirm(cast: Cast, preview: WordingPreview, who: str = "olga", **changes: Any) -> WordingOverlay:
    values = {"preview_id": preview.uuid, "file_sha256": preview.file_sha256, "holds_licence": True, **changes}
    return confirm_overlay(acting_user=cast.people[who], organization=cast.alder, **values)


def load(cast: Cast, text: str = GOOD) -> WordingOverlay:
    return confirm(cast, preview_of(cast, text=text))


def page(cast: Cast) -> str:
    return reverse("wording", args=[cast.alder.slug])


def send(client: Any, cast: Cast, content: bytes | str, name: str = "copy.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(page(cast), {"pack": PACK, "file": SimpleUploadedFile(name, data)})


def events(cast: Cast) -> list[Event]:
    return list(Event.objects.filter(stream_id=cast.alder.uuid, kind="wording overlay").order_by("seq"))


# --- the rows ----------------------------------------------------------------------------------------------------


def row(number: int, ref: str, wording: str) -> TableRow:
    return TableRow(number, {"ref": ref, "wording": wording})


def test_good_rows_give_their_wordings_and_what_is_missing() -> None:
    check = check_rows([row(2, "A.a", "x")], {"A.a", "A.b"}, required=["A.a", "A.b"])
    assert (check.is_good, check.wordings, check.missing) == (True, {"A.a": "x"}, ("A.b",))


def test_every_bad_cell_is_named_and_nothing_is_taken() -> None:
    rows = [row(2, "A.a", "x"), row(3, "A.z", ""), row(5, "A.a", "y" * 4001), row(6, "", "z"), row(7, "A.b", "")]
    check = check_rows(rows, {"A.a", "A.b"}, [CellFault(7, "wording", "=1", Fault.FORMULA)])
    assert check.wordings == {}
    assert [(fault.row, fault.column, fault.fault) for fault in check.faults] == [
        (3, "ref", OverlayFault.UNKNOWN_REF),
        (3, "wording", OverlayFault.EMPTY_WORDING),
        (5, "ref", OverlayFault.DOUBLED_REF),
        (5, "wording", OverlayFault.TOO_LONG),
        (6, "ref", OverlayFault.NO_REF),
        (7, "wording", Fault.FORMULA),
    ]
    assert check.faults[0].value == "A.z"
    assert len(check.faults[3].value) == 80


def test_four_thousand_characters_are_still_taken() -> None:
    assert check_rows([row(2, "A.a", "y" * 4000)], {"A.a"}).is_good


# --- preview and load --------------------------------------------------------------------------------------------


def test_it_loads_what_the_preview_showed_and_records_counts_and_hash_only(cast: Cast) -> None:
    overlay = load(cast)
    assert dict(overlay.wordings.values_list("ref", "text")) == {
        "CH.i": f"{LICENSED} about changes",
        "IN.a": "Another text",
    }
    (event,) = events(cast)
    assert event.content["changes"] == {
        "wordings": [0, 2],
        "file sha256": [None, overlay.file_sha256],
        "licence confirmed": [None, True],
    }
    assert LICENSED not in (event.payload or "")
    assert sentence(event).text == (
        "Olga Alder loaded 2 wordings of the organization's own copy over Three-phase plan after "
        "ISO/IEC TR 20000-5:2010"
    )
    assert not WordingPreview.objects.exists()


def test_a_second_file_replaces_the_copy_whole(cast: Cast) -> None:
    load(cast)
    overlay = load(cast, "ref,wording\nCH.j,New\n")
    assert WordingOverlay.objects.get() == overlay
    assert list(Wording.objects.values_list("ref", "text")) == [("CH.j", "New")]
    assert events(cast)[1].content["changes"]["wordings"] == [2, 1]


def test_confirming_twice_loads_once(cast: Cast) -> None:
    preview = preview_of(cast)
    assert confirm(cast, preview) == confirm(cast, preview)
    assert (WordingOverlay.objects.count(), len(events(cast))) == (1, 1)


def test_a_bad_row_keeps_nothing(cast: Cast) -> None:
    check, preview = preview_overlay(
        acting_user=cast.olga, organization=cast.alder, pack=PACK, upload=upload(f"{GOOD}ZZ.z,x\n")
    )
    assert (preview, [fault.row for fault in check.faults]) == (None, [4])
    assert not WordingPreview.objects.exists()


def test_it_asks_for_the_licence(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        confirm(cast, preview_of(cast), holds_licence=False)
    assert caught.value.field == "holds_licence"
    assert not WordingOverlay.objects.exists()


def test_only_owners_and_consultants_may(cast: Cast) -> None:
    assert confirm(cast, preview_of(cast, "carl"), "carl").loaded_by == cast.carl
    preview = preview_of(cast)
    for who in ("mara", "audra", "bruno", "nina"):
        with pytest.raises(NotPermitted):
            preview_overlay(acting_user=cast.people[who], organization=cast.alder, pack=PACK, upload=upload())
        with pytest.raises(NotPermitted):
            confirm(cast, preview, who)
        with pytest.raises(NotPermitted):
            remove_overlay(acting_user=cast.people[who], organization=cast.alder, pack=PACK, overlay_id=uuid4())


def test_the_supplement_is_our_own_text_and_takes_no_overlay(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        preview_overlay(acting_user=cast.olga, organization=cast.alder, pack="sms-2018-supplement", upload=upload())


def test_a_preview_of_somebody_else_is_refused(cast: Cast) -> None:
    with pytest.raises(StaleWrite, match="somebody else's"):
        confirm(cast, preview_of(cast, "carl"))


def test_a_preview_of_another_file_is_refused(cast: Cast) -> None:
    with pytest.raises(StaleWrite, match="another file"):
        confirm(cast, preview_of(cast), file_sha256="0" * 64)


def test_a_preview_overtaken_by_another_load_or_a_removal_is_refused(cast: Cast) -> None:
    overlay = load(cast)
    stale = preview_of(cast)
    WordingPreview.objects.filter(pk=stale.pk).update(replaces=None)
    with pytest.raises(StaleWrite, match="after this preview"):
        confirm(cast, stale)
    stale = preview_of(cast)
    WordingOverlay.objects.filter(pk=overlay.pk).delete()
    with pytest.raises(StaleWrite, match="after this preview"):
        confirm(cast, stale)


def test_another_load_ends_the_previews_of_everybody(cast: Cast) -> None:
    theirs = preview_of(cast, "carl")
    load(cast)
    with pytest.raises(StaleWrite, match="gone"):
        confirm(cast, theirs, "carl")


def test_a_preview_lasts_an_hour_and_then_goes(cast: Cast) -> None:
    preview = preview_of(cast)
    with clock.moved_to(NOW + timedelta(minutes=61)):
        with pytest.raises(StaleWrite, match="an hour"):
            confirm(cast, preview)
        preview_of(cast, "carl")
    assert not WordingPreview.objects.filter(pk=preview.pk).exists()


def test_removal_leaves_no_byte_of_it_in_the_database(cast: Cast) -> None:
    overlay = load(cast)
    preview_of(cast, "carl")
    assert LICENSED in _whole_database()
    remove_overlay(acting_user=cast.olga, organization=cast.alder, pack=PACK, overlay_id=overlay.uuid)
    assert LICENSED not in _whole_database()
    assert events(cast)[-1].content["changes"]["wordings"] == [2, 0]
    assert "removed the organization's own copy" in sentence(events(cast)[-1]).text


def _whole_database() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        said = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (the names are the database's)
            said.append(str(cursor.fetchall()))
    return "".join(said)


def test_it_removes_only_the_copy_that_was_shown(cast: Cast) -> None:
    old = load(cast)
    load(cast, "ref,wording\nCH.j,New\n")
    with pytest.raises(StaleWrite):
        remove_overlay(acting_user=cast.olga, organization=cast.alder, pack=PACK, overlay_id=old.uuid)
    assert WordingOverlay.objects.count() == 1


# --- who sees it -------------------------------------------------------------------------------------------------


def test_members_read_it_with_one_query_and_others_not_at_all(cast: Cast, django_assert_num_queries) -> None:
    load(cast)
    activity = cast.row("CH.i").activity
    with django_assert_num_queries(1):
        assert wording_of(cast.audra, cast.project, activity).startswith(LICENSED)
    for stranger in (cast.bruno, cast.nina):
        assert wording_of(stranger, cast.project, activity) == ""
        assert wordings_for(stranger, cast.project) == {}
    assert wording_of(cast.bruno, cast.other, cast.other.activities.get(ref="CH.i")) == ""
    assert [(copy.name, copy.wordings) for copy in copies_of(cast.mara)] == [("Alder IT", 2)]


def test_an_activity_of_ones_own_never_borrows_a_wording(cast: Cast) -> None:
    load(cast)
    activity = cast.row("CH.i").activity
    activity.catalogue_activity = None
    assert wording_of(cast.mara, cast.project, activity) == ""


@pytest.mark.parametrize("who", ["olga", "mara", "tim", "audra"])
def test_the_activity_page_shows_it_folded_to_members(cast: Cast, sign_in, who: str) -> None:
    path = reverse("activity", args=["alder", "CH.i"])
    assert "(your copy)" not in sign_in(cast.people[who]).get(path).content.decode()
    load(cast)
    text = sign_in(cast.people[who]).get(path).content.decode()
    assert "Wording of the standard (your copy)" in text
    assert LICENSED in text
    assert "<details" in text
    assert (
        "(your copy)" not in sign_in(cast.people[who]).get(reverse("activity", args=["alder", "CH.j"])).content.decode()
    )


def test_its_text_is_never_markup(cast: Cast, sign_in) -> None:
    load(cast, "ref,wording\nCH.i,<script>alert(1)</script> {{ x }}\n")
    text = sign_in(cast.mara).get(reverse("activity", args=["alder", "CH.i"])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }}" in text


@pytest.mark.slow
@pytest.mark.parametrize("who", ["mara", "audra", "carl", "nina", "bruno"])
def test_no_other_page_file_or_search_shows_it(cast: Cast, sign_in, who: str) -> None:
    load(cast)
    client = sign_in(cast.people[who])
    paths = [path for path in _addresses(cast) if who == "bruno" or "/activities/CH.i" not in path]
    paths += [f"/projects/alder/search/?q={LICENSED[:13]}", f"/projects/birch/search/?q={LICENSED[:13]}"]
    for path in paths:
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert LICENSED.encode() not in body, path


def test_no_export_holds_it_unless_asked_for(cast: Cast, sign_in) -> None:
    load(cast)
    assert LICENSED not in _export("alder")
    assert LICENSED not in _export("alder", "--with-initiation", "--as", "mara@alder.example")
    client = sign_in(cast.mara)
    for path in ("phases/1/export/", "trail/export/"):
        response: Any = client.get(f"/projects/alder/{path}")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert LICENSED.encode() not in body
    rows = list(csv.DictReader(StringIO(_export("alder", "--with-wording", "--as", "mara@alder.example"))))
    assert {row["ref"] for row in rows if row["wording"]} == {"CH.i", "IN.a"}
    assert LICENSED not in _export("birch", "--with-wording")


def test_an_export_of_wording_is_safe_for_a_spreadsheet(cast: Cast) -> None:
    load(cast, "ref,wording\nCH.i,'=1+1\n")
    rows = csv.DictReader(StringIO(_export("alder", "--with-wording")))
    assert {row["wording"] for row in rows} == {"", "'=1+1"}


def _export(*args: str) -> str:
    out = StringIO()
    call_command("export_plan", *args, stdout=out)
    return out.getvalue()


# --- the pages ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_before_anything_is_loaded(cast: Cast, sign_in) -> None:
    text = sign_in(cast.olga).get(page(cast)).content.decode()
    assert "No copy loaded" in text
    assert "Check the file" in text
    assert "The trail records counts and the hash of the file, never the wording." in text


def test_members_read_the_page_without_the_form(cast: Cast, sign_in) -> None:
    load(cast)
    text = sign_in(cast.tim).get(page(cast)).content.decode()
    assert "Check the file" not in text
    assert "Remove the whole copy" not in text
    assert "Only owners and consultants of the organization can do this." in text


def test_strangers_find_nothing(cast: Cast, sign_in) -> None:
    for who in (cast.nina, cast.bruno):
        assert sign_in(who).get(page(cast)).status_code == 404
        assert send(sign_in(who), cast, GOOD).status_code == 404


def test_a_member_who_may_not_load_is_refused(cast: Cast, sign_in) -> None:
    assert send(sign_in(cast.mara), cast, GOOD).status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_from_file_to_loaded(cast: Cast, sign_in, kind: str) -> None:
    client = sign_in(cast.olga)
    content: bytes | str = GOOD if kind == "csv" else workbook([["ref", "wording"], ["CH.i", LICENSED], ["IN.a", "b"]])
    answer = send(client, cast, content, f"copy.{kind}")
    assert answer.status_code == 302
    text = client.get(answer["Location"]).content.decode()
    assert "2<small>of 279</small>" in text
    assert "277 activities without a wording" in text
    preview = WordingPreview.objects.get()
    refused = client.post(answer["Location"], {"sha256": preview.file_sha256})
    assert refused.status_code == 422
    assert "Tick that the organization holds a licence" in refused.content.decode()
    data = {"sha256": preview.file_sha256, "holds_licence": "on"}
    for _time in range(2):
        done = client.post(answer["Location"], data)
        assert (done.status_code, done["Location"]) == (302, page(cast))
    assert WordingOverlay.objects.get().wording_count == 2
    assert len(events(cast)) == 1


def test_bad_rows_are_listed_with_number_column_and_value(cast: Cast, sign_in) -> None:
    answer = send(sign_in(cast.olga), cast, "ref,wording\nZZ.q,a\nCH.i,\nIN.a,=1+1\nIN.b,x\nIN.b,y\n")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "4 rows to mend" in text
    for said in (
        "ZZ.q",
        "The catalogue has no such ref.",
        "The wording is missing.",
        "=1+1",
        "stands in an earlier row",
    ):
        assert said in text
    assert not WordingPreview.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("ref,wording\n" + "CH.i,x\n" * 100_000, "a.csv", "more than 2,000 rows"),
        ("ref,wording\n" + "x" * (5 * 1024 * 1024), "a.csv", "larger than 5 MB"),
        ("ref;wording\nCH.i;Grün\n".encode("cp1250"), "a.csv", "not in UTF-8 (line 2)"),
        (b"ref,wording\nCH.i,a\x00\n", "a.csv", "NUL"),
        (b"", "a.csv", "The file is empty."),
        (b"PK\x03\x04", "a.csv", "not a text file"),
        (b"{}", "a.json", "Send a CSV or an XLSX file."),
        ("ref,text\nCH.i,a\n", "a.csv", "Not found: wording"),
    ],
)
def test_a_file_that_cannot_be_read_gets_its_sentence(
    cast: Cast, sign_in, content: bytes | str, name: str, words: str
) -> None:
    answer = send(sign_in(cast.olga), cast, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_forms_without_a_file_or_with_an_unknown_catalogue_are_refused_at_their_field(cast: Cast, sign_in) -> None:
    client = sign_in(cast.olga)
    assert client.post(page(cast), {"pack": PACK}).status_code == 422
    sent = SimpleUploadedFile("copy.csv", GOOD.encode())
    assert client.post(page(cast), {"pack": "zebra", "file": sent}).status_code == 422
    two = [SimpleUploadedFile("a.csv", GOOD.encode()), SimpleUploadedFile("b.csv", GOOD.encode())]
    assert client.post(page(cast), {"pack": PACK, "file": two}).status_code == 422
    assert client.get(page(cast) + "?x=1").status_code == 400


def test_somebody_elses_or_a_stale_preview_answers_409(cast: Cast, sign_in) -> None:
    theirs = preview_of(cast, "carl")
    client = sign_in(cast.olga)
    path = reverse("wording_preview", args=[cast.alder.slug, theirs.uuid])
    data = {"sha256": theirs.file_sha256, "holds_licence": "on"}
    for answer in (client.get(path), client.post(path, data)):
        assert answer.status_code == 409
        assert LICENSED not in answer.content.decode()
    load(cast)
    assert sign_in(cast.carl).post(path, data).status_code == 409
    assert client.post(reverse("wording_preview", args=[cast.alder.slug, uuid4()]), data).status_code == 409


def test_a_confirmation_that_names_no_file_answers_428(cast: Cast, sign_in) -> None:
    path = reverse("wording_preview", args=[cast.alder.slug, preview_of(cast).uuid])
    assert sign_in(cast.olga).post(path, {"holds_licence": "on"}).status_code == 428


def test_removal_asks_first_and_then_removes(cast: Cast, sign_in) -> None:
    overlay = load(cast)
    client = sign_in(cast.carl)
    path = reverse("wording_remove", args=[cast.alder.slug, PACK])
    assert "All 2 wordings go at once" in client.get(path).content.decode()
    assert client.post(path).status_code == 428
    assert client.post(path, {"overlay": uuid4()}).status_code == 409
    assert WordingOverlay.objects.exists()
    for _time in range(2):
        assert client.post(path, {"overlay": overlay.uuid}).status_code == 302
    assert not WordingOverlay.objects.exists()
    assert len(events(cast)) == 2
    assert client.get(path).status_code == 302


def test_settings_and_catalogues_lead_there(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    for path in (reverse("project_settings", args=["alder"]), reverse("catalogues")):
        assert page(cast) in client.get(path).content.decode()
    assert "your own copy" not in sign_in(cast.nina).get(reverse("catalogues")).content.decode()


def test_the_pages_take_few_queries_however_many_rows(
    cast: Cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.olga)
    load(cast)
    with django_assert_max_num_queries(12) as few:
        client.get(page(cast))
    refs = cast.project.activities.filter(is_supplement=False).values_list("ref", flat=True)
    load(cast, "ref,wording\n" + "".join(f"{ref},text\n" for ref in refs))
    with django_assert_num_queries(len(few)):
        client.get(page(cast))
