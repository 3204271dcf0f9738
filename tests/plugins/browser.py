"""Browser journeys: Debian's Chromium instead of one that Playwright would fetch."""

import os
import shutil
from typing import Any

import pytest

_BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def pytest_configure() -> None:
    # Playwright's synchronous interface keeps an event loop in the main thread, where Django then refuses every
    # query. Nothing in the tests runs queries from a coroutine.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that opens a page, so that the quick run cannot start a browser by accident."""
    for item in items:
        if _BROWSER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium, as root too, and keep it from calling its maker."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.fail("No Chromium found: install the Debian package chromium, or run make test.")
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": executable, "args": arguments}
