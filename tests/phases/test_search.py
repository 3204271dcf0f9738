"""Search inside a project."""

import pytest
from django.urls import reverse

from businesscase.services.risks import report_risk
from evidence.services.items import Facts, LinkIn, add_evidence
from notifications.services.comments import add_comment
from phases.choices import Status
from phases.selectors.search import MOST, search_project
from phases.services.rows import change_status, write_note
from projects.models import Party
from tests.cast import CANARY, Cast


def page(cast: Cast, sign_in, text: str, who: str = "mara") -> str:
    return sign_in(cast.people[who]).get(reverse("search", args=["alder"]), {"q": text}).content.decode()


def test_an_exact_ref_comes_first(cast: Cast) -> None:
    hits = search_project(cast.project, "ch.i").activities
    assert hits[0].ref == "CH.i"
    assert hits[0].phases == ((1, "not started"), (2, "not started"), (3, "not started"))


def test_titles_come_before_guidance(cast: Cast) -> None:
    hits = search_project(cast.project, "way back").activities
    in_title = [hit.found is None for hit in hits]
    assert in_title == sorted(in_title, reverse=True)
    assert {"RE.k", "CH.i"} <= {hit.ref for hit in hits}


def test_it_finds_notes_and_reasons(cast: Cast) -> None:
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target(), note="The **Zebra** queue")
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status=Status.BLOCKED,
        text="Zebra licence is missing",
    )
    hits = search_project(cast.project, "zebra").notes
    assert [(hit.ref, hit.phase, hit.kind) for hit in hits] == [("CH.i", 1, "note"), ("CH.i", 2, "reason")]
    assert hits[0].found == "The <mark>Zebra</mark> queue"


def test_it_finds_comments_by_text_and_author(cast: Cast) -> None:
    add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="Ask the night shift")
    assert [hit.ref for hit in search_project(cast.project, "NIGHT shift").comments] == ["CH.i"]
    assert [hit.author for hit in search_project(cast.project, "tully night").comments] == ["Tim Tully"]


def test_it_finds_people_and_groups(cast: Cast) -> None:
    Party.objects.create(project=cast.project, name="Zündstelle", kind="group", function="Ärzte am Netz")
    assert [hit.plain_name for hit in search_project(cast.project, "zündstelle").parties] == ["Zündstelle"]
    assert [hit.plain_name for hit in search_project(cast.project, "ärzte").parties] == ["Zündstelle"]


def test_all_words_must_stand_in_it(cast: Cast) -> None:
    assert search_project(cast.project, "way zebra").count == 0


@pytest.mark.parametrize("text", ["", " ", "x", "%", "_"])
def test_less_than_two_letters_find_nothing(cast: Cast, text: str) -> None:
    assert search_project(cast.project, text).count == 0


def test_wildcards_of_the_database_are_letters(cast: Cast) -> None:
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target(), note="100 records")
    assert search_project(cast.project, "1%0").count == 0
    assert search_project(cast.project, "1_0").count == 0


def test_it_stops_at_the_limit_and_says_so(cast: Cast, sign_in) -> None:
    results = search_project(cast.project, "the")
    assert len(results.activities) == MOST
    assert "activities" in results.more
    assert "Only the first 40 are shown" in page(cast, sign_in, "the")


def test_it_shows_groups_with_what_was_found_marked(cast: Cast, sign_in) -> None:
    add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.d", body="<b>undone</b>")
    shown = page(cast, sign_in, "undone")
    assert "is <mark>undone</mark>" in shown
    assert reverse("activity", args=["alder", "CH.i"]) in shown
    assert "<b>undone" not in shown


def test_it_says_what_to_do_without_words_and_without_results(cast: Cast, sign_in) -> None:
    assert "What are you looking for?" in page(cast, sign_in, "")
    assert "One letter more" in page(cast, sign_in, "q")
    assert "Nothing found in this project" in page(cast, sign_in, "zebra")


def test_it_finds_nothing_of_another_client(cast: Cast, sign_in) -> None:
    add_comment(acting_user=cast.bruno, project=cast.other, kind="activity", key="CH.i", body=f"{CANARY} zebra")
    assert search_project(cast.project, "zebra").count == 0
    answer = sign_in(cast.mara).get(reverse("search", args=["alder"]), {"q": "zebra"})
    assert CANARY not in answer.content.decode()
    assert search_project(cast.other, "zebra").count == 1


def test_it_is_hidden_from_other_clients(cast: Cast, sign_in) -> None:
    assert sign_in(cast.bruno).get(reverse("search", args=["alder"]), {"q": "way"}).status_code == 404


@pytest.mark.parametrize("query", ["q=a&q=b", "text=a", "q=" + "x" * 201, "q=%00"])
def test_it_refuses_an_address_it_does_not_know(cast: Cast, sign_in, query: str) -> None:
    assert sign_in(cast.mara).get(f"{reverse('search', args=['alder'])}?{query}").status_code == 400


def test_it_asks_the_database_as_often_for_many_hits_as_for_one(
    cast: Cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    address = reverse("search", args=["alder"])
    client.get(address, {"q": "way back"})
    # Four for what higher apps have: evidence, risks, lessons, findings.
    with django_assert_max_num_queries(16) as few:
        client.get(address, {"q": "CH.i"})
    with django_assert_num_queries(len(few)):
        client.get(address, {"q": "the"})


def test_it_finds_what_higher_apps_have_and_only_what_one_may_see(cast: Cast, sign_in) -> None:
    link = LinkIn("https://wiki.example/zebra", "A list of zebra changes")
    facts = Facts(title="Zebra minutes", shows="Ten changes of May")
    add_evidence(acting_user=cast.mara, project=cast.project, content=link, facts=facts)
    secret = Facts(title="Zebra salaries", classification="confidential")
    add_evidence(acting_user=cast.mara, project=cast.project, content=link, facts=secret)
    values = {"title": "Zebras leave", "category": "financial", "probability": 2, "impact": 2, "cause": "Too few staff"}
    report_risk(acting_user=cast.mara, project=cast.project, values=values)
    found = page(cast, sign_in, "zebra", who="tim")
    assert "<mark>Zebra</mark> minutes" in found
    assert "<mark>Zebra</mark>s leave" in found
    assert "salaries" not in found
    assert "salaries" in page(cast, sign_in, "zebra")
