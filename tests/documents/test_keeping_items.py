"""What a version is made of stays while it holds; and what was published too early waits for its day."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from common import clock
from common.exceptions import RuleBroken
from documents.choices import VersionState
from documents.domain.numbers import month_after
from documents.models import Document, DocumentEvidence, DocumentVersion
from documents.pdf import stored_file
from documents.selectors import version_in_force
from documents.services.begin import begin_version
from documents.services.imports import take_in_kept
from documents.services.in_force import settle_all
from documents.services.publishing import archive_document
from evidence.choices import ItemState
from evidence.models import EvidenceItem
from evidence.selectors.retention import due_items, retention_of, rules_of
from evidence.services.disposal import dispose_items
from evidence.services.items import withdraw_item
from evidence.services.rules import set_rules
from projects.permissions import access_to
from tests.cast import NOW, Cast
from tests.documents.conftest import begin, draft_of, publish, soon
from tests.documents.test_imports import pdf
from tests.documents.test_in_force import later
from tests.evidence.conftest import add

pytestmark = pytest.mark.django_db


def of_a_file(cast: Cast, **facts) -> tuple[Document, EvidenceItem]:
    """A document whose draft is a PDF that was kept as evidence."""
    item = add(cast, pdf(), name="frame.pdf")
    document = begin(cast, **facts)
    take_in_kept(
        acting_user=cast.mara,
        project=cast.project,
        key=document.key,
        version=draft_of(document).version,
        item_key=item.key,
    )
    return document, item


def withdraw(cast: Cast, item: EvidenceItem, who: str = "mara") -> EvidenceItem:
    item.refresh_from_db()
    return withdraw_item(
        acting_user=cast.people[who], project=cast.project, key=item.key, version=item.version, why="Old"
    )


def dispose(cast: Cast, item: EvidenceItem) -> None:
    item.refresh_from_db()
    dispose_items(acting_user=cast.mara, project=cast.project, chosen={item.key: item.version})


def test_the_file_of_a_version_in_force_is_not_withdrawn_and_the_page_says_which_version_needs_it(
    cast: Cast, sign_in
) -> None:
    document, item = of_a_file(cast)
    with pytest.raises(RuleBroken, match=r"version 0\.1 of PRC-01 How we answer, which is on its way"):
        withdraw(cast, item)
    version = publish(cast, document)
    words = "E-0001 stays as it is: version 1.0 of PRC-01 How we answer, which is in force, is made of it."
    for needed in (item, version.record):
        with pytest.raises(RuleBroken, match=r"stays as it is: version 1\.0 of PRC-01"):
            withdraw(cast, needed)
    client: Client = sign_in(cast.mara)
    page = client.get("/projects/alder/evidence/E-0001/").content.decode()
    assert (words in page, "Withdraw it" in page) == (True, False)
    item.refresh_from_db()
    refused = client.post("/projects/alder/evidence/E-0001/withdraw/", {"version": item.version, "why": "Old"})
    assert (refused.status_code, words in refused.content.decode()) == (422, True)


def test_who_may_not_see_the_document_is_told_that_there_is_one_and_no_more(cast: Cast) -> None:
    document, item = of_a_file(cast, classification="confidential")
    publish(cast, document)
    EvidenceItem.objects.filter(pk=item.pk).update(added_by=cast.tim)
    with pytest.raises(RuleBroken, match="E-0001 stays as it is: a document that you may not see is made of it"):
        withdraw(cast, item, "tim")


def test_the_file_of_an_obsolete_version_goes_when_its_time_is_over_and_the_version_says_so(cast: Cast) -> None:
    document, item = of_a_file(cast)
    version = publish(cast, document)
    # As it could be done before anything held it.
    gone = {"state": ItemState.WITHDRAWN, "left_at": clock.now(), "state_reason": "Old"}
    EvidenceItem.objects.filter(pk=item.pk).update(**gone)
    rules = set_rules(
        acting_user=cast.mara, project=cast.project, version=1, proof_needed="none", keep_months={"file": 0}
    )
    access = access_to(cast.project, cast.mara)
    assert (retention_of(cast.project, access, rules).due, list(due_items(cast.project, access, rules))) == (0, [])
    with pytest.raises(RuleBroken, match=r"stays as it is: version 1\.0"):
        dispose(cast, item)
    EvidenceItem.objects.filter(pk=item.pk).update(state=ItemState.CURRENT, left_at=None)
    document.refresh_from_db()
    archive_document(
        acting_user=cast.mara, project=cast.project, key=document.key, version=document.version, why="Merged"
    )
    withdraw(cast, item)
    assert list(due_items(cast.project, access, rules_of(cast.project))) == [item]
    dispose(cast, item)
    version = DocumentVersion.objects.select_related("file__revision").get(pk=version.pk)
    with pytest.raises(RuleBroken, match=r"was disposed of by the rules of the project\. E-0001 says when"):
        stored_file(version)


def test_what_was_published_too_early_waits_for_its_day_and_the_one_before_holds_again(cast: Cast) -> None:
    document = begin(cast, refs=["IN.a"])
    first = publish(cast, document)
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    second = publish(cast, document)
    record = second.record
    DocumentVersion.objects.filter(pk=second.pk).update(effective_on=soon(10))
    alone = publish(cast, begin(cast, title="How we call"))
    other = later(cast, begin(cast, title="How we ask"), 20)
    let_wait = import_module("documents.migrations.0005_wait_for_their_day").let_wait
    let_wait(apps, None)
    let_wait(apps, None)
    for row in (first, second, alone, other, record, document):
        row.refresh_from_db()
    assert [row.state for row in (first, second, alone, other)] == ["published", "scheduled", "published", "scheduled"]
    assert (first.obsolete_at, first.record.state, second.record, record.state) == (None, "current", None, "withdrawn")
    assert document.review_on == month_after(first.effective_on, document.review_months)
    with clock.moved_to(NOW + timedelta(days=10)):
        assert settle_all().count == 1
        assert version_in_force(document).pk == second.pk
    second.refresh_from_db()
    assert (second.state, second.record.state) == (VersionState.PUBLISHED, "current")
    assert DocumentEvidence.objects.filter(document=document).count() == 2
