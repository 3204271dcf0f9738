"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from audittrail import triggers
from common import clock
from phases.models import Catalogue
from phases.services.catalogues import load_catalogue
from projects.models import Project
from tests.cast import NOW, Cast, find_cast, make_cast
from tests.plugins import starting_point

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# No test asserts a time. What Hypothesis chose itself stays: in CI it takes the same examples each time.
hypothesis_settings.register_profile("smsplan", hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("smsplan")
CATALOGUE = Path(settings.CONTENT_DIR) / "catalogues" / "tr20000-5-2010"
SUPPLEMENT = Path(settings.CONTENT_DIR) / "catalogues" / "sms-2018-supplement"


@pytest.fixture(autouse=True)
def _triggers_lifted_for_the_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where a test with real transactions ends in a flush, the trail's triggers would refuse it."""
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if not transactional and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    if connection.vendor == "sqlite":
        yield
        return
    triggers.install(connection)
    yield
    triggers.remove(connection)


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, settings) -> None:
    """Files go to a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def moved() -> Iterator[None]:
    """The clock stands at NOW: 2 March 2026, 9:00 UTC, in the eighth week of the cast's project."""
    with clock.moved_to(NOW):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Make the catalogue and the cast once: tests that roll back all start from them.

    Tests with real transactions run last. Where they end in a flush, `catalogue` and `cast` make theirs anew.
    """
    with django_db_blocker.unblock():
        with clock.moved_to(NOW):
            load_catalogue(folder=CATALOGUE)
            make_cast()
        keeping = starting_point.kept()
        keeping.__enter__()
    yield
    keeping.__exit__(None, None, None)


@pytest.fixture
def catalogue(db) -> Catalogue:
    """The catalogue of 2010, loaded."""
    return Catalogue.objects.filter(pack="tr20000-5-2010").first() or load_catalogue(folder=CATALOGUE)[0]


@pytest.fixture
def supplement(catalogue) -> Catalogue:
    """The supplement for 2018, loaded: plans made after it take it. The cast's are made before, and lack it."""
    return load_catalogue(folder=SUPPLEMENT)[0]


@pytest.fixture
def cast(catalogue, moved) -> Cast:
    """Both clients, and the clock at NOW."""
    return find_cast() if Project.objects.filter(slug="alder").exists() else make_cast()


@pytest.fixture
def sign_in():
    """`sign_in(user)` gives a browser-less client that is signed in."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.ActiveUserBackend")
        return client

    return signed_in
