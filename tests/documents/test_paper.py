"""What a version shows as a paper."""

import pytest

from common.paper.pages import paper_html
from documents.paper import paper_of
from documents.selectors import version_in_force
from tests.cast import Cast
from tests.documents.conftest import begin, draft_of, publish

pytestmark = pytest.mark.django_db


def test_a_draft_bears_its_mark_and_what_the_project_knows_now(cast: Cast) -> None:
    paper = paper_of(draft_of(begin(cast)))
    assert (paper.mark, paper.version, paper.digest) == ("Draft", "0.1", "")
    assert cast.alder.name in paper.body
    assert [each.text for each in paper.headings] == ["Why we have it", "What we do"]


def test_a_published_paper_says_who_approved_it_and_stays_the_same(cast: Cast) -> None:
    document = publish(cast, begin(cast, clauses_2018=["8.6.1"])).document
    version = version_in_force(document)
    first = paper_html(paper_of(version))
    cast.alder.name = "Renamed"
    cast.alder.save()
    again = version_in_force(document)
    assert paper_html(paper_of(again)) == first
    assert [each.name for each in paper_of(again).approvals] == ["Toma Tate"]
    assert paper_of(again).serves == "ISO/IEC 20000-1:2018, 8.6.1"
    assert paper_of(again).digest == version.sha256
