"""Each request has an id: in the log, in the answer, in the trail, on the page of a fault."""

import logging
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from audittrail.models import Event
from projects.access import public_view, signed_in_view
from projects.calendar_addresses import token_of
from projects.services.calendar_feeds import make_calendar_address
from smsplan import errors, urls
from tests.cast import Cast
from tests.smsplan.log_lines import logged

OURS = "0192c1c0-1111-4222-8333-444444444444"


@signed_in_view("GET", "POST")
def break_down(request):
    """A page that fails with a secret at hand."""
    secret = "hunter2-" + request.user.email  # noqa: F841 (it stands in the frame of the trace)
    raise RuntimeError("it broke for " + request.user.email)


@public_view("GET")
def talk(request):
    """A page that logs."""
    logging.getLogger("smsplan.tests").warning("talking")
    return errors.not_found(request)


urlpatterns = [*urls.urlpatterns, path("break/", break_down, name="break"), path("talk/", talk, name="talk")]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def own_pages(settings) -> None:
    """The application with the pages above."""
    settings.ROOT_URLCONF = __name__


def test_the_answer_carries_the_id_of_the_line(cast: Cast, sign_in) -> None:
    with logged() as lines:
        response = sign_in(cast.petra).get("/work/?project=alder")
    (line,) = lines.of("request_finished")
    assert line["request_id"] == response["X-Request-ID"]
    assert UUID(line["request_id"])
    assert (line["request"], line["code"], line["user_id"]) == ("GET /work/", 200, cast.petra.pk)
    assert isinstance(line["ms"], int)
    assert cast.petra.email not in lines.text
    assert "project=alder" not in lines.text


def test_every_line_meanwhile_has_it(db, client: Client, own_pages) -> None:
    with logged() as lines:
        response = client.get("/talk/")
    (said,) = lines.of("talking")
    assert said["request_id"] == response["X-Request-ID"]


def test_two_requests_have_two(db, client: Client) -> None:
    assert client.get("/")["X-Request-ID"] != client.get("/")["X-Request-ID"]


@pytest.mark.parametrize("sent", [OURS, OURS.replace("-", ""), OURS.upper()])
def test_the_id_of_a_trusted_proxy_is_kept(sent: str, db, client: Client, settings) -> None:
    settings.TRUST_PROXY_HEADERS = True
    assert client.get("/", headers={"x-request-id": sent})["X-Request-ID"] == OURS


@pytest.mark.parametrize("sent", ["", "x", f"{OURS}\r\nX-Evil: 1", f"{OURS} forged", "a" * 4000, "{" + OURS + "}"])
def test_what_is_no_id_is_not(sent: str, db, client: Client, settings) -> None:
    settings.TRUST_PROXY_HEADERS = True
    with logged() as lines:
        answered = client.get("/", headers={"x-request-id": sent})["X-Request-ID"]
    assert answered != OURS
    assert str(UUID(answered)) == answered
    assert "vil" not in lines.text
    assert "aaaa" not in lines.text


def test_nobody_else_chooses_it(db, client: Client) -> None:
    assert client.get("/", headers={"x-request-id": OURS})["X-Request-ID"] != OURS


def test_the_trail_has_the_same_id(cast: Cast, sign_in) -> None:
    response = sign_in(cast.petra).post("/projects/alder/calendar/", {"do": "make", "content": "mine"})
    event = Event.objects.filter(kind="calendar address").get()
    assert event.content["correlation_id"] == response["X-Request-ID"]


def test_a_fault_is_logged_once_with_its_trace_and_shows_its_number(cast: Cast, sign_in, own_pages) -> None:
    client = sign_in(cast.petra)
    client.raise_request_exception = False
    with logged() as lines:
        response = client.get("/break/?key=hunter2")
    page = response.content.decode()
    assert response.status_code == 500
    assert response["X-Request-ID"] in page
    assert "RuntimeError" not in page
    assert "hunter2" not in page
    (line,) = lines.of("request_failed")
    assert line["request_id"] == response["X-Request-ID"]
    assert line["user_id"] == cast.petra.pk
    assert "RuntimeError: it broke for ***" in line["exception"]
    assert cast.petra.email not in lines.text
    assert "hunter2-" + cast.petra.email not in lines.text
    assert len(lines.read()) == 1


def test_keys_in_addresses_are_in_no_line(cast: Cast, client: Client) -> None:
    token = token_of(make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine").uuid)
    with logged(level=logging.DEBUG) as lines:
        client.get(f"/calendar/{token}.ics")
        client.get(f"/calendar/{token[:-1]}.ics")
        client.get(f"/invitations/{token}/")
        client.get(f"/accounts/password/reset/key/1-{token}/")
    assert lines.of("request_finished")
    assert token[:20] not in "\n".join(line for line in lines.text.splitlines() if "django.db" not in line)
    assert lines.of("request_finished")[0]["request"] == "GET /calendar/***.ics"


def test_probes_leave_no_lines(db, client: Client) -> None:
    with logged() as lines:
        assert client.get("/healthz")["X-Request-ID"]
    assert lines.text == ""


def test_nobody_is_looked_up_for_the_log(cast: Cast, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/calendar/none.ics")
    assert len(queries) == 0


def test_nothing_of_one_request_is_left_for_the_next(cast: Cast, sign_in, client: Client, own_pages) -> None:
    sign_in(cast.petra).get("/work/")
    with logged() as lines:
        client.get("/talk/")
    assert all("user_id" not in line for line in lines.read())
    cache.clear()
