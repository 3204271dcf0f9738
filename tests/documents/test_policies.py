"""Policies first: drafted from a few answers, and held against each other."""

from datetime import date

import pytest

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.domain.fill import MarkKind, marks_in
from documents.domain.policy_checks import Check, Finding, Policy, Problem, Scope, check_policies, common_quarter
from documents.library import template_of
from documents.models import Approval, Author, Document, DocumentAnswer, PolicyExplanation
from documents.policies_library import model_checks, model_policies
from documents.selectors.filling import field_name
from documents.selectors.policies import policy_rows
from documents.selectors.policy_checks import FindingRow, checks_of
from documents.services.begin import begin_from_template
from documents.services.policies import draft_policy, explain_finding
from documents.services.publishing import publish_version
from projects.permissions import access_to
from tests.cast import Cast
from tests.documents.conftest import approve, send

PAGE = "/projects/alder/documents/policies/"
SCOPE = Scope("Our SMS covers mail and web shop.", ("Mail", "Web shop (EU)"), ("Telephony",), "2018")
TODAY = date(2026, 6, 1)
GOOD = {
    "is_begun": True,
    "text": "For Mail and Web shop \\(EU\\), after ISO/IEC 20000-1:2018.",
    "owner": "Elin",
    "owner_role": "Top management",
    "holders": frozenset({"Elin", "Rita"}),
    "in_force_since": date(2026, 3, 1),
    "review_on": date(2027, 3, 1),
}


def found(*policies: Policy, scope: Scope = SCOPE) -> list[tuple[Check, str, Problem, str]]:
    return [
        (each.check, each.policy, each.problem, each.named)
        for each in check_policies(policies, scope, TODAY, first="first")
    ]


def policy(key: str = "one", **facts) -> Policy:
    return Policy(key, facts.pop("is_required", True), **{**GOOD, **facts})


@pytest.mark.parametrize(
    ("facts", "problem", "named"),
    [
        ({"text": "For mail."}, Problem.LEAVES_OUT, "Web shop (EU)"),
        ({"text": "For all."}, Problem.NO_SCOPE, ""),
        ({"text": "Our SMS covers mail\nand web shop. Telephony too."}, Problem.BEYOND_SCOPE, "Telephony"),
        ({"text": "Mailing for the Web shop (EU)."}, Problem.LEAVES_OUT, "Mail"),
        ({"owner": ""}, Problem.NO_OWNER, ""),
        ({"owner_is_here": False}, Problem.OWNER_LEFT, "Elin"),
        ({"owner": "Tom"}, Problem.OTHER_ROLE, "Elin, Rita"),
        ({"owner": "Tom", "holders": frozenset("ABCD")}, Problem.OTHER_ROLE, "A, B +2"),
        ({"holders": frozenset()}, Problem.ROLE_OPEN, "Top management"),
        ({"own_work": ("Tim", "Rita")}, Problem.OWN_WORK, "Tim, Rita"),
        ({"is_signed": False}, Problem.NOT_SIGNED, ""),
        ({"process": "Change", "process_owner": "Petra"}, Problem.OTHER_PROCESS_OWNER, "Petra"),
        ({"review_on": None}, Problem.REVIEW_FAR, ""),
        ({"review_on": date(2027, 3, 3)}, Problem.REVIEW_FAR, ""),
        ({"review_on": date(2026, 5, 31)}, Problem.REVIEW_LATE, ""),
        ({"text": GOOD["text"] + " As in ISO/IEC 20000-1:2011."}, Problem.OTHER_EDITION, "2011"),
    ],
)
def test_each_thing_that_does_not_fit_is_named(facts: dict[str, object], problem: Problem, named: str) -> None:
    assert [(each[2], each[3]) for each in found(policy(**facts))] == [(problem, named)]


def test_what_fits_is_left_alone_and_what_is_only_good_practice_may_be_missing() -> None:
    assert found(policy(), policy("two"), Policy("three", is_required=False)) == []
    assert found(policy(is_required=False, text="For all.")) == []


def test_a_required_one_is_missing_and_late_once_phase_1_is_over() -> None:
    over = Scope(SCOPE.sentence, SCOPE.services, (), "2018", first_phase_is_over=True)
    draft = policy("draft", in_force_since=None, review_on=None)
    assert found(Policy("none", is_required=True), draft, scope=over) == [
        (Check.COMPLETE, "none", Problem.NOT_BEGUN, ""),
        (Check.COMPLETE, "draft", Problem.NOT_IN_FORCE, ""),
    ]
    assert found(draft) == []


def test_the_straggler_is_told_the_quarter_of_the_others_and_who_is_older_than_the_first() -> None:
    first = policy("first", in_force_since=date(2026, 4, 1))
    straggler = policy("late", review_on=date(2026, 8, 1), in_force_since=date(2026, 4, 2))
    assert found(first, policy("old"), straggler) == [
        (Check.TOGETHER, "late", Problem.OTHER_QUARTER, "2027 Q1"),
        (Check.AFTER, "old", Problem.OLDER_THAN_FIRST, ""),
    ]
    assert common_quarter([date(2026, 1, 1)]) is None
    assert common_quarter([date(2026, 7, 1), date(2026, 3, 31)]) == (2026, 1)


def test_the_same_question_answered_twice_is_said_of_the_later_policy_with_both_answers() -> None:
    night = "Which number is answered at night?"
    same, other = policy("two", answers={night: "4711 "}), policy("three", answers={night: "0815", "Else?": "x"})
    (finding,) = check_policies(
        [policy(title="One", answers={night: "4711"}), same, other], SCOPE, TODAY, first="first"
    )
    assert (finding.check, finding.policy, finding.named) == (Check.ANSWERS, "three", night)
    assert finding.more == {"own": "0815", "other": "4711", "title": "One"}


def test_each_check_of_the_list_has_code_and_each_code_its_words() -> None:
    assert list(model_checks()) == [each.value for each in Check]
    for check in model_checks().values():
        assert check.title, check.rule
        assert check.mend
        assert {each.key for each in model_policies()} >= set(check.policies)


def test_a_finding_says_which_policy() -> None:
    (finding,) = check_policies([policy("x", owner="")], SCOPE, TODAY, first="first")
    assert finding == Finding(Check.OWNER, "x", Problem.NO_OWNER)


def test_each_question_fills_a_place_of_its_template_or_names_a_section() -> None:
    for model in model_policies():
        template = template_of(model.key)
        assert template is not None
        asked = {mark.key for mark in marks_in(template.body)}
        for question in model.questions:
            if question.mark is None:
                assert f"## {question.section}" in template.body
            else:
                assert question.mark.kind in (MarkKind.ASK, MarkKind.CHOICE)
                assert question.mark.key in asked, question.key


@pytest.mark.django_db
def test_a_policy_is_begun_with_its_answers_and_answered_on(cast: Cast) -> None:
    key = "change-management-policy"
    answers = {"Where do you keep the change calendar?": "On the wall", "ten days | five days": "five days"}
    document = draft_policy(acting_user=cast.mara, project=cast.project, key=key, answers=answers)
    assert (document.key, document.template) == (key, key)
    assert {row.question: row.answer for row in DocumentAnswer.objects.all()} == answers
    draft_policy(acting_user=cast.mara, project=cast.project, key=key, answers={"ten days | five days": "ten days"})
    assert DocumentAnswer.objects.get(document=document).answer == "ten days"
    with pytest.raises(NotPermitted):
        draft_policy(acting_user=cast.audra, project=cast.project, key=key, answers={})
    with pytest.raises(RuleBroken, match="no such policy"):
        draft_policy(acting_user=cast.mara, project=cast.project, key="release-plan", answers={})


@pytest.mark.django_db
def test_the_page_guides_from_what_is_missing_to_a_draft(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    mara = sign_in(cast.mara)
    page = mara.get(PAGE).content.decode()
    assert "0 of 5 required policies are in force." in page
    assert "It is required and not begun." in page
    form = f"{PAGE}information-security-policy/"
    assert "Within how many hours must a supplier report" in mara.get(form).content.decode()
    name = field_name("14 days | 7 days")
    refused = mara.post(form, {name: "a year", f"was-{name}": ""})
    assert refused.status_code == 422
    assert not Document.objects.filter(project=cast.project).exists()
    assert mara.post(form, {name: "7 days", f"was-{name}": ""}).url.endswith("/documents/information-security-policy/")
    assert mara.post(form, {name: "14 days", f"was-{name}": ""}).status_code == 409
    assert mara.get(f"{PAGE}release-plan/").status_code == 404
    audra = sign_in(cast.audra)
    # Four of these write down that an auditor looked.
    with django_assert_max_num_queries(18):
        assert "It has no owner." in audra.get(PAGE).content.decode()


SMP, ISP, CMP = "service-management-policy", "information-security-policy", "change-management-policy"


def findings(cast: Cast, key: str) -> list[FindingRow]:
    """What a check finds, as mara sees it."""
    rows = policy_rows(cast.project, access_to(cast.project, cast.mara))
    return next(list(check.findings) for check in checks_of(cast.project, rows) if check.key == key)


def in_force(cast: Cast, key: str, to: tuple[str, ...] = ("toma",), **fields) -> Document:
    """A policy of the library that petra wrote and owns, published."""
    document = begin_from_template(acting_user=cast.mara, project=cast.project, key=key, owner=cast.parties["petra"])
    version = approve(cast, send(cast, document, to=to), who=to[0])
    publish_version(acting_user=cast.mara, version=version, lock=version.version)
    Document.objects.filter(pk=document.pk).update(**fields)
    return document


@pytest.mark.django_db
def test_who_signs_writes_and_answers_is_read_from_the_approvals_and_the_plan(cast: Cast) -> None:
    in_force(cast, SMP)
    change = in_force(cast, CMP, to=("cora",))
    cast.project.phase_activities.filter(activity__component="CH").update(accountable=cast.parties["tim"])
    assert [(each.key, each.words) for each in findings(cast, "top-management-signs")] == [
        (CMP, "Nobody of top management approved it. Name one of them for the next version.")
    ]
    (other,) = findings(cast, "process-owner-agrees")
    assert (other.key, other.words) == (CMP, "The plan says that Tim Tully answers for Change management.")
    assert findings(cast, "owner-not-approver") == []
    version = change.versions.get()
    Author.objects.create(project=cast.project, document_version=version, user=cast.cora)
    (own,) = findings(cast, "owner-not-approver")
    assert own.words.startswith("Cora ")
    Approval.objects.filter(document_version=version).update(own_work=True)
    assert findings(cast, "owner-not-approver") == []


@pytest.mark.django_db
def test_a_policy_that_is_reviewed_in_another_quarter_may_be_explained(cast: Cast, sign_in) -> None:
    in_force(cast, SMP, review_on=date(2027, 2, 1))
    in_force(cast, ISP, review_on=date(2027, 1, 15))
    change = in_force(cast, CMP, review_on=date(2026, 9, 1))
    (found,) = findings(cast, "reviewed-together")
    assert (found.key, found.explanation) == (CMP, None)
    mara = sign_in(cast.mara)
    page = mara.get(PAGE).content.decode()
    assert "The others are reviewed in 2027 Q1." in page
    assert "It may stay: say why" in page
    sent = {"problem": found.problem, "about": found.about, "seen": "0", "why": " "}
    assert mara.post(f"{PAGE}{CMP}/explain/", sent).status_code == 422
    assert sign_in(cast.tim).post(f"{PAGE}{CMP}/explain/", {**sent, "why": "x"}).status_code == 403
    answer = mara.post(f"{PAGE}{CMP}/explain/", {**sent, "why": "Its audit is in autumn."}, follow=True)
    page = answer.content.decode()
    assert "Its audit is in autumn." in page
    assert "1 difference is explained." in page
    event = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]
    assert sentence(event).text == f"Mara Moss explained why {change} stays as it is"
    assert sentence(event).reason == "Its audit is in autumn."
    stale = mara.post(f"{PAGE}{CMP}/explain/", {**sent, "why": "Other words"})
    assert (stale.status_code, "Other words" in stale.content.decode()) == (409, True)
    assert findings(cast, "reviewed-together")[0].explanation == PolicyExplanation.objects.get()
    Document.objects.filter(pk=change.pk).update(review_on=date(2026, 12, 1))
    assert findings(cast, "reviewed-together")[0].explanation is None
    with pytest.raises(StaleWrite, match="does not stand there any more"):
        explain_finding(
            acting_user=cast.mara,
            project=cast.project,
            key=CMP,
            problem=found.problem,
            about=found.about,
            seen=1,
            why="Late",
        )
