"""Role x route x tenant."""

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from audits.services.review_outputs import OutputFacts, add_output
from businesscase.choices import CaseKind
from businesscase.services.cases import start_case
from businesscase.services.risks import report_risk
from documents.models import HouseStyle
from documents.services.communication import LineFacts, add_line
from documents.services.competence import take_competences
from documents.services.interfaces import InterfaceFacts, add_interface
from evidence.previews import PreviewFacts, keep_preview
from gapanalysis.services.questionnaires import load_questionnaire
from governance.services.lessons import LessonFacts, capture_lesson
from projects.access import RouteAccess
from projects.models import Invitation
from projects.permissions import access_to
from tests.access import matrix
from tests.access.routes import AUDIT_ROUTES, address, organization_address, routes
from tests.audits.asking_cast import asking
from tests.audits.auditing import auditing
from tests.audits.certifying import on_the_way
from tests.audits.packs import waiting
from tests.audits.reviewing import held as held_review
from tests.audits.reviewing import improving, keep
from tests.businesscase.conftest import BENEFIT, add
from tests.businesscase.ready import VERSION_ROUTES, begun, with_version
from tests.cast import Cast
from tests.documents.conftest import begin as begin_document
from tests.documents.conftest import own_template
from tests.documents.test_objectives import set_one
from tests.evidence.conftest import add as add_item
from tests.evidence.conftest import ask_for, png
from tests.gapanalysis.conftest import PACK, make, move
from tests.governance.deciding import asked_with_all
from tests.governance.meeting_cast import with_meeting

KNOWN = {*matrix.PUBLIC, *matrix.SIGNED_IN, *matrix.PROJECT, *matrix.ORGANIZATION, *matrix.DEBUG_ONLY}
EVERY_PERSON = sorted(matrix.EVERYBODY | matrix.STRANGERS)


# Text that is not part of the page until a script puts it there.
_TEMPLATE = re.compile(r"<template.*?</template>", re.DOTALL)
_ID = re.compile(r'\sid="([^"]+)"')


def in_tens(names: Iterable[str]) -> list[list[str]]:
    """Names in order, ten at a time: what changes nothing can share one cast."""
    ordered = sorted(names)
    return [ordered[place : place + 10] for place in range(0, len(ordered), 10)]


def first_of(names: list[str]) -> str:
    """What ten of them are called in a report."""
    return f"{names[0]} and on"


class _RollBack(Exception):
    """Ends a block without keeping what it wrote."""


def _access_of(path: str) -> RouteAccess:
    """What the route of `path` declares."""
    access: RouteAccess = getattr(resolve(urlsplit(path).path).func, "access")  # noqa: B009 (set by a decorator)
    return access


def capabilities_in(cast: Cast, who: str) -> frozenset[str]:
    """What somebody may do in Alder's project."""
    return access_to(cast.project, cast.people[who]).capabilities


def _is_sound(page: str, name: str) -> None:
    """Not one of the ways off a page leads nowhere, and no two of its parts have one name."""
    assert 'href=""' not in page, f"{name} has an empty link"
    names = Counter(_ID.findall(_TEMPLATE.sub("", page)))
    assert [each for each, count in names.items() if count > 1] == [], name


def _answer(client: Client, method: str, path: str) -> int:
    status = 0
    try:
        with transaction.atomic():
            answer = client.generic(method, path, content_type="application/x-www-form-urlencoded")
            status = answer.status_code
            if status == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
                _is_sound(answer.content.decode(), f"{method} {path}")
            raise _RollBack
    except _RollBack:
        return status


def test_it_knows_every_route() -> None:
    found = {name for name, _arguments in routes() if not name.startswith(matrix.PACKAGES)}
    assert found == KNOWN


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(matrix.PROJECT))
def test_a_route_of_a_project_answers_each_role_as_the_matrix_says(name: str, cast: Cast, sign_in) -> None:
    rule = matrix.PROJECT[name]
    Invitation.objects.bulk_create(
        [
            Invitation(
                pk=1,
                project=cast.project,
                email="x@y.example",
                name="X",
                role="auditor",
                token_sha256="0",
                expires_at="2030-01-01T00:00Z",
            )
        ]
    )
    if name.startswith("gap"):
        load_questionnaire(folder=PACK)
        move(cast, make(cast), "in progress")
    if name.startswith("risk"):
        values = {"title": "A risk", "category": "financial", "probability": 2, "impact": 2}
        report_risk(acting_user=cast.mara, project=cast.project, values=values)
    if name.startswith("lesson"):
        capture_lesson(acting_user=cast.mara, project=cast.project, facts=LessonFacts("It came late."))
    if name.startswith(("finding", "audit_request")):
        asking(cast)
    if name in AUDIT_ROUTES or name.startswith("programme"):
        auditing(cast)
    if name.startswith(("certification", "external_audit", "cycle", "service_change")):
        on_the_way(cast)
    if name.startswith("pack"):
        waiting(cast)
    if name.startswith("improvement"):
        improving(cast)
    if name.startswith("sms_risk"):
        keep(cast)
    if name.startswith("review"):
        add_output(
            acting_user=cast.mara,
            project=cast.project,
            ref=held_review(cast).ref,
            facts=OutputFacts("decision", "Go on"),
        )
    if name in VERSION_ROUTES:
        with_version(cast, name)
    elif name.startswith(("case_", "small_")):
        add(cast, begun(cast, "implementation"), "benefit", BENEFIT)
        begun(cast, "gap analysis")
    if name.startswith("evidence"):
        item = add_item(cast)
        keep_preview(item.revision.stored, PreviewFacts(pages=1, shown=1), [png()])
        ask_for(cast)
    if name.startswith("communication"):
        add_line(acting_user=cast.mara, project=cast.project, facts=LineFacts("All staff", "Why we do it"))
    if name.startswith(("committee", "meeting")):
        with_meeting(cast)
    if name.startswith("competence"):
        take_competences(acting_user=cast.mara, project=cast.project)
    if name.startswith("objective"):
        set_one(cast)
    if name.startswith("interface"):
        facts = InterfaceFacts("IN", "CH", "Requests for change")
        add_interface(acting_user=cast.mara, project=cast.project, facts=facts)
    if name.startswith("document"):
        begin_document(cast, who="mara")
    if name.startswith(("decision", "action")):
        asked_with_all(cast)
    if name.endswith("_workbook") and not name.startswith("gap"):
        for kind in CaseKind:
            start_case(acting_user=cast.mara, project=cast.project, kind=kind)
    path = address(name, cast, cast.project)
    needs = _access_of(path).capabilities
    wrong = []
    asked: set[str] = set()
    for who in EVERY_PERSON:
        client = sign_in(cast.people[who])
        held = capabilities_in(cast, who)
        for method, allowed in (("GET", rule.get), ("POST", rule.post)):
            if who in allowed and needs.get(method) in held:
                # Who may by what the route declares is let in by the same few lines: one of them is asked.
                if method in asked:
                    continue
                asked.add(method)
            status = _answer(client, method, path)
            if who in matrix.STRANGERS:
                right = status == 404
            elif not allowed:
                right = status == 405
            elif who in allowed:
                right = status in (200, 302, 303, 400, 409, 422, 428)
            else:
                right = status == 403
            if not right:
                wrong.append(f"{who} {method} {path}: {status}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("names", in_tens(matrix.PROJECT), ids=first_of)
def test_the_other_clients_routes_are_absent_for_everybody_of_this_one(names: list[str], cast: Cast, sign_in) -> None:
    wrong = []
    for who in sorted(matrix.EVERYBODY | {"carl", "nina"}):
        client = sign_in(cast.people[who])
        for name in names:
            path = address(name, cast, cast.other)
            # Who may do most in their own project tries every method; the others look.
            for method in ("GET", "POST", "PUT", "DELETE") if who in ("olga", "mara") else ("GET",):
                status = _answer(client, method, path)
                if status != 404:
                    wrong.append(f"{who} {method} {path}: {status}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("names", in_tens(matrix.PROJECT), ids=first_of)
def test_project_routes_do_not_take_methods_they_do_not_name(names: list[str], cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    wrong = []
    for name in names:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            status = _answer(client, method, address(name, cast, cast.project))
            if status != 405:
                wrong.append(f"{method} {name}: {status}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("names", in_tens({*matrix.PROJECT, *matrix.ORGANIZATION, *matrix.SIGNED_IN}), ids=first_of)
def test_nobody_gets_in_without_signing_in(names: list[str], cast: Cast, client: Client) -> None:
    wrong = []
    for name in names:
        response = client.get(address(name, cast, cast.project))
        if response.status_code != 302 or not response["Location"].startswith("/accounts/login/"):
            wrong.append(f"{name}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(matrix.SIGNED_IN))
def test_a_page_for_everybody_signed_in_answers_them(name: str, cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    status = client.get(address(name, cast, cast.project)).status_code
    allowed = (404,) if name in ("job", "job_result") else (200, 302, 400, 403)
    assert status in (allowed if "GET" in matrix.SIGNED_IN[name] else (405,))
    for method in {"POST", "PUT", "DELETE"} - set(matrix.SIGNED_IN[name]):
        assert _answer(client, method, address(name, cast, cast.project)) == 405


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(matrix.PROJECT))
def test_an_expired_member_is_a_stranger(name: str, cast: Cast, sign_in) -> None:
    cast.project.memberships.filter(user=cast.audra).update(ends_at=cast.project.created_at)
    assert _answer(sign_in(cast.audra), "GET", address(name, cast, cast.project)) == 404


@pytest.mark.parametrize("name", sorted(matrix.ORGANIZATION))
def test_a_route_of_an_organization_answers_each_role_as_the_matrix_says(name: str, cast: Cast, sign_in) -> None:
    rule = matrix.ORGANIZATION[name]
    path = organization_address(name, cast.alder)
    if name == "house_style_logo":
        HouseStyle.objects.create(organization=cast.alder, logo=b"\x89PNG")
    if name == "own_template":
        own_template(cast)
    wrong = []
    for who in EVERY_PERSON:
        client = sign_in(cast.people[who])
        for method, allowed in (("GET", rule.get), ("POST", rule.post)):
            status = _answer(client, method, path)
            if who in matrix.OUTSIDERS:
                right = status == 404
            elif not allowed:
                right = status == 405
            elif who in allowed:
                right = status in (200, 302, 303, 400, 409, 422, 428)
            else:
                right = status == 403
            if not right:
                wrong.append(f"{who} {method} {path}: {status}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(matrix.ORGANIZATION))
def test_the_other_organizations_route_is_absent_for_everybody_of_this_one(name: str, cast: Cast, sign_in) -> None:
    path = organization_address(name, cast.birch)
    for who in sorted(matrix.MEMBERS | {"nina"}):
        client = sign_in(cast.people[who])
        for method in ("GET", "POST", "PUT", "DELETE"):
            assert _answer(client, method, path) == 404, f"{who} {method} {path}"


@pytest.mark.parametrize("name", sorted(matrix.ORGANIZATION))
def test_an_organization_route_does_not_take_methods_it_does_not_name(name: str, cast: Cast, sign_in) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert _answer(sign_in(cast.olga), method, organization_address(name, cast.alder)) == 405
