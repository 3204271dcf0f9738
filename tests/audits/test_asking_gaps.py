"""Gaps of a locked assessment become findings, each once; `verify` names findings that could not have come about."""

import pytest

from audits.choices import FindingSource, Grade
from audits.models import AuditFinding
from audits.selectors.gap_findings import gaps_of, last_locked
from audits.services.gap_findings import take_over_gaps
from audits.verification_asking import check_findings
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from gapanalysis.services.questionnaires import load_questionnaire
from tests.audits.asking_cast import found
from tests.cast import NOW, Cast
from tests.gapanalysis.conftest import PACK, give, make, move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


def test_major_gaps_become_findings_each_once(cast: Cast, sign_in) -> None:
    load_questionnaire(folder=PACK)
    assessment = move(cast, make(cast), "in progress")
    give(cast, assessment, "Q-8.6.1-01", "major gap", note="No priorities. Nobody sorts.")
    give(cast, assessment, "Q-5.2.1-01", "minor gap", note="Not signed.")
    with pytest.raises(RuleBroken):
        take_over_gaps(acting_user=cast.mara, project=cast.project, assessment=assessment, refs=["Q-8.6.1-01"])
    move(cast, assessment, "in review", "locked")
    locked = last_locked(cast.project)
    assert locked is not None
    assert [gap.ref for gap in gaps_of(cast.project, locked)] == ["Q-8.6.1-01"]
    client = sign_in(cast.mara)
    address = "/projects/alder/audits/findings/take-over/"
    assert "No priorities" in client.get(address).content.decode()
    sent = {"assessment": locked.key, "ref": ["Q-8.6.1-01"]}
    assert client.post(address, sent).status_code == 302
    made = AuditFinding.objects.get()
    assert (made.grade, made.source, made.title) == (Grade.MAJOR, FindingSource.GAP, "No priorities")
    assert made.clauses == ["8.6.1"]
    again = client.post(address, sent)
    assert again.status_code == 422
    assert AuditFinding.objects.count() == 1
    assert gaps_of(cast.project, locked)[0].taken == "F-01"
    with pytest.raises(NotPermitted):
        take_over_gaps(acting_user=cast.petra, project=cast.project, assessment=locked, refs=["Q-5.2.1-01"])


def test_verify_names_a_nonconformity_that_nobody_saw_work(cast: Cast) -> None:
    finding = found(cast)
    assert list(check_findings(False)) == []
    with clock.moved_to(NOW):
        AuditFinding.objects.filter(pk=finding.pk).update(state="closed", closed_at=clock.now())
    assert list(check_findings(False)) == ["finding F-01 of alder is closed, and nobody saw that its actions work"]
