"""The pages of a document, as people use them."""

import pytest

from accounts.models import User
from documents.models import Document, DocumentAnswer, DocumentVersion
from documents.selectors import open_version
from documents.services.begin import begin_version
from documents.services.proof import link_evidence
from tests.cast import CANARY, Cast
from tests.documents.conftest import ASKING, BODY, begin, draft_of, publish, send
from tests.evidence.conftest import add as add_item

pytestmark = pytest.mark.django_db
BASE = "/projects/alder/documents/"


def page_of(document: Document, rest: str = "") -> str:
    return f"{BASE}{document.key}/{rest}"


def write(client, document: Document, body: str, do: str = "save", **more):
    """Send the editor's form."""
    data = {"version": draft_of(document).version, "body": body, "do": do, **more}
    return client.post(page_of(document, "edit/"), data)


def test_the_page_says_what_is_in_force_and_what_is_on_its_way(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    page = sign_in(cast.audra).get(page_of(document)).content.decode()
    assert "In force <b" in page
    assert "Version 1.1 is on its way (draft), begun by Petra Pohl" in page
    assert "Toma Tate" in page
    assert "Alder IT serves" in page
    assert f"{page_of(document)}edit/" not in page
    assert "Go on with draft 1.1" in sign_in(cast.petra).get(page_of(document)).content.decode()
    draft = sign_in(cast.petra).get(page_of(document, "versions/1.1/")).content.decode()
    assert f"{page_of(document)}edit/" in draft
    assert "Version 1.0 is in force until it is published" in draft


def test_a_draft_says_what_is_missing_and_where_that_is_said(cast: Cast, sign_in) -> None:
    document = begin(cast, ASKING)
    page = sign_in(cast.petra).get(page_of(document)).content.decode()
    for words in ("5 to do", "Within which time?", "Who answers for Change", "1 example to adapt", "An owner"):
        assert words in page, words
    assert f'<a class="doc-gap" href="{page_of(document)}fill/">«Within which time?»</a>' in page


def test_answers_fill_the_draft_and_say_where_else_they_go(cast: Cast, sign_in) -> None:
    document, other = begin(cast, ASKING), begin(cast, ASKING, title="How we ask")
    client = sign_in(cast.petra)
    form = client.get(page_of(document, "fill/"))
    page = form.content.decode()
    assert "How we ask" in page
    assert "Alder IT" in page
    assert 'placeholder="four hours"' in page
    names = {each.key: each.name for each in form.context["form"].questions}
    sent = {names["Within which time?"]: "two hours", names["daily | weekly"]: "weekly"}
    assert client.post(page_of(document, "fill/"), sent).status_code == 302
    assert "answers in two hours" in client.get(page_of(document)).content.decode()
    assert "answers in two hours" in client.get(page_of(other)).content.decode()
    assert {row.question: row.document for row in DocumentAnswer.objects.all()} == {
        "Within which time?": None,
        "daily | weekly": document,
    }


def test_an_answer_given_meanwhile_is_not_written_over_unseen(cast: Cast, sign_in) -> None:
    document = begin(cast, ASKING)
    client = sign_in(cast.petra)
    names = {each.key: each.name for each in client.get(page_of(document, "fill/")).context["form"].questions}
    name = names["Within which time?"]
    client.post(page_of(document, "fill/"), {name: "two hours", f"was-{name}": ""})
    late = client.post(page_of(document, "fill/"), {name: "one hour", f"was-{name}": ""})
    assert late.status_code == 409
    assert "Saved now: two hours" in late.content.decode()
    assert DocumentAnswer.objects.get().answer == "two hours"
    # A page opened long ago on which nothing was changed takes nothing back.
    assert client.post(page_of(document, "fill/"), {name: "", f"was-{name}": ""}).status_code == 302
    assert DocumentAnswer.objects.get().answer == "two hours"


def test_the_editor_saves_previews_and_keeps_by_itself(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client = sign_in(cast.petra)
    saved = write(client, document, "## New\n\nOne.")
    assert saved["Location"] == page_of(document, "edit/")
    kept = write(client, document, "## New\n\nTwo.", do="autosave").json()
    assert kept["version"] == draft_of(document).version
    shown = write(client, document, "## Newest\n\nThree [[nonsense]].", do="preview")
    assert "this text is not saved" in shown.content.decode()
    assert "Three" in shown.content.decode()
    assert draft_of(document).body == "## New\n\nTwo.\n"
    part = client.post(
        page_of(document, "edit/"),
        {"version": 1, "body": "## A\n\n[[nonsense]] \u6f22", "do": "preview"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "[[nonsense]] is no place that can be filled" in part
    assert "U+6F22" in part


def test_a_stale_save_shows_both_texts_and_saves_over_when_sent_again(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client = sign_in(cast.petra)
    old = draft_of(document).version
    write(client, document, "## New\n\nTheirs stands here.")
    late = write(client, document, "## New\n\nMine stands here.", version=old)
    page = late.content.decode()
    assert late.status_code == 409
    assert "<del>Theirs</del><ins>Mine</ins>" in page
    assert write(client, document, "## New\n\nMine stands here.", do="autosave", version=old).status_code == 409
    again = client.post(
        page_of(document, "edit/"),
        {"version": late.context["draft"].version, "body": "## New\n\nMine stands here.", "do": "save"},
    )
    assert again.status_code == 302
    assert draft_of(document).body == "## New\n\nMine stands here.\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("\n".join("  " * depth + "- x" for depth in range(60)), "Line 9 is inside 9 lists"),
        ("x" * 400_001, "a document takes"),
    ],
)
def test_a_text_that_cannot_be_one_is_refused_and_stays_on_the_page(cast: Cast, sign_in, body: str, words: str) -> None:
    document = begin(cast)
    answer = write(sign_in(cast.petra), document, body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page, words
    assert body[:400] in page
    assert draft_of(document).body == f"{BODY}\n"


def test_a_paste_beyond_all_measure_is_refused(cast: Cast, sign_in) -> None:
    document = begin(cast)
    answer = write(sign_in(cast.petra), document, "x" * 5_300_000)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "larger than the 5 MB that a form may hold" in page
    assert "nothing of it was saved, and we cannot show it to you again" in page
    assert f'href="{page_of(document, "import/")}"' in page
    assert draft_of(document).body == f"{BODY}\n"


def test_scripts_pictures_and_template_code_stay_text(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client = sign_in(cast.petra)
    write(
        client,
        document,
        "## <script>alert(1)</script>\n\n![x](https://evil.example/x.png) {{ settings.SECRET_KEY }} {% now 'Y' %}\n\n"
        '[a](https://a.example "[[ask: <b onload=x>]]")\n\n[b](javascript:alert)',
    )
    page = client.get(page_of(document)).content.decode()
    assert "<script>alert" not in page
    assert "evil.example/x.png" not in page.split('class="doc-todo"')[0]
    assert "{{ settings.SECRET_KEY }} {% now" in page
    assert "<b onload" not in page
    assert 'href="javascript' not in page


def test_one_draft_at_a_time_and_it_is_dropped_with_a_reason(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    client = sign_in(cast.petra)
    assert client.post(page_of(document, "next/"))["Location"] == page_of(document, "edit/")
    assert client.post(page_of(document, "next/"))["Location"] == page_of(document)
    assert DocumentVersion.objects.filter(document=document).count() == 2
    version = draft_of(document).version
    assert client.post(page_of(document, "drop/"), {"version": version, "why": " "}).status_code == 422
    assert client.post(page_of(document, "drop/"), {"version": version, "why": "Not needed."}).status_code == 302
    assert open_version(document) is None
    send_back = client.get(page_of(document, "edit/"))
    assert send_back.status_code == 302


def test_a_draft_with_its_approvers_is_not_written_and_the_text_stays(cast: Cast, sign_in) -> None:
    document = begin(cast)
    version = send(cast, document)
    client = sign_in(cast.petra)
    answer = client.post(page_of(document, "edit/"), {"version": version.version, "body": "Too late", "do": "save"})
    assert answer.status_code == 422
    assert "Too late" in answer.content.decode()


def test_facts_are_changed_and_wrong_ones_stay_in_the_form(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client = sign_in(cast.petra)
    form = {
        "title": "How we reply",
        "classification": "internal",
        "review_months": "6",
        "phase_number": "2",
        "obligation": "practice",
        "clauses_2018": "8.6.1 99.9",
        "refs": "CH.i",
        "version": document.version,
    }
    wrong = client.post(page_of(document, "facts/"), form)
    assert wrong.status_code == 422
    assert "has no clause 99.9" in wrong.content.decode()
    assert "8.6.1 99.9" in wrong.content.decode()
    right = client.post(
        page_of(document, "facts/"), {**form, "clauses_2018": "8.6.1", "owner": cast.parties["petra"].pk}
    )
    assert right.status_code == 302
    document.refresh_from_db()
    assert (document.title, document.review_months, document.owner) == ("How we reply", 6, cast.parties["petra"])
    assert client.post(page_of(document, "facts/"), {**form, "clauses_2018": "8.6.1"}).status_code == 409


def test_comments_stand_at_their_section(cast: Cast, sign_in) -> None:
    document = begin(cast)
    place = page_of(document, "talk/what-we-do/")
    client = sign_in(cast.audra)
    assert (
        sign_in(cast.tim)
        .post(
            f"{place}comments/",
            {"body": "Who says so?", "nonce": "5b0ed7e4-93cc-4a3c-a20e-6e9a02a1e7f0", "asked": cast.petra.pk},
        )
        .status_code
        == 302
    )
    page = client.get(page_of(document)).content.decode()
    assert "1 comment" in page
    assert "Who says so?" in page
    assert "1 question on “What we do” waits" in page
    assert "Who says so?" in client.get(place).content.decode()
    assert client.get(page_of(document, "talk/no-such/")).status_code == 404


def test_two_versions_are_compared_word_by_word(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    client = sign_in(cast.petra)
    client.post(page_of(document, "next/"))
    write(client, document, BODY.replace("We answer.", "We answer at once."))
    page = client.get(page_of(document, "compare/?a=1.0&b=draft")).content.decode()
    assert "We <del>answer.</del><ins>answer at once.</ins>" in page
    assert "3 words came" in page
    assert client.get(page_of(document, "compare/?a=9.9")).status_code == 404
    assert client.get(page_of(document, "compare/?a=x")).status_code == 400


def test_evidence_is_linked_both_ways(cast: Cast, sign_in) -> None:
    item = add_item(cast)
    document = begin(cast)
    client = sign_in(cast.mara)
    assert client.post(page_of(document, "prove/"), {"item": item.key.lower()}).status_code == 302
    assert item.key in client.get(page_of(document)).content.decode()
    assert "How we answer" in client.get(f"/projects/alder/evidence/{item.key}/").content.decode()
    assert client.post(page_of(document, "prove/"), {"item": "E-9999"}).status_code == 422
    client.post(page_of(document, "unprove/"), {"item": item.key})
    assert document.evidence_links.count() == 0


def test_an_item_of_evidence_names_no_confidential_document_to_who_may_not_see_it(cast: Cast, sign_in) -> None:
    item = add_item(cast)
    document = begin(cast, title="Who leaves", classification="confidential", clauses_2018=["8.7.3.2"])
    link_evidence(acting_user=cast.petra, project=cast.project, key=document.key, item=item)
    pages = (f"/projects/alder/evidence/{item.key}/", "/projects/alder/evidence/export/?format=csv")

    def told(who: User) -> list[bool]:
        client = sign_in(who)
        html = "".join(client.get(page).content.decode() for page in pages)
        return [word in html for word in ("Who leaves", document.number, document.key, "8.7.3.2")]

    assert told(cast.petra) == [True] * 4
    assert told(cast.tim) == [False] * 4


def test_the_hidden_is_absent(cast: Cast, sign_in) -> None:
    document = begin(cast, classification="confidential")
    client = sign_in(cast.tim)
    for rest in (
        "",
        "versions/0.1/",
        "versions/0.1/preview/",
        "edit/",
        "fill/",
        "facts/",
        "compare/",
        "talk/what-we-do/",
    ):
        assert client.get(page_of(document, rest)).status_code == 404
    assert sign_in(cast.bruno).get(page_of(document)).status_code == 404
    assert CANARY not in sign_in(cast.petra).get(page_of(document)).content.decode()
    open_one = begin(cast, title="Another")
    assert sign_in(cast.tim).get(page_of(open_one, "edit/")).status_code == 403
