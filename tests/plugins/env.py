"""Gives the tests settings of their own, whatever the caller's environment says.

Loaded before pytest-django, so that Django never sees a developer's settings, keys or data folder.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Settings of an installation, which a test must not pick up from the shell that started it. DATABASE_URL and
# REDIS_URL are left alone: scripts/throwaway_servers.py sets them, and Django makes a test database of its own.
_OF_AN_INSTALLATION = (
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "TRAIL_KEY",
    "TRAIL_KEY_FILE",
    "TRAIL_KEY_ID",
    "TRUST_PROXY_HEADERS",
)

for _name in _OF_AN_INSTALLATION:
    os.environ.pop(_name, None)
os.environ["SMSPLAN_ENV"] = "test"
# A folder for each process: two xdist workers must not meet in one.
_data_dir = Path(tempfile.mkdtemp(prefix="smsplan-test-"))
os.environ["DATA_DIR"] = str(_data_dir)
# For a run that ends before pytest is configured, as by an error in conftest.py.
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    # Only now, after the plugins that are installed: of two fixtures with one name, the later plugin's counts.
    config.pluginmanager.import_plugin("tests.plugins.browser")
    config.pluginmanager.import_plugin("tests.plugins.schema")


def pytest_unconfigure() -> None:
    shutil.rmtree(_data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder that stands for DATA_DIR in this process; gone after the run."""
    return _data_dir
