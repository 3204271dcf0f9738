"""Servers that a test asks for: started on a free port, stopped after the run."""

from collections.abc import Iterator

import pytest

from scripts.throwaway_servers import ServerError, throwaway_postgresql, throwaway_redis


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database, for tests that need a second one beside Django's."""
    try:
        with throwaway_postgresql() as url:
            yield url
    except ServerError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of an empty Redis."""
    try:
        with throwaway_redis() as url:
            yield url
    except ServerError as error:
        pytest.fail(str(error))
