"""Which version of the application this is: pyproject.toml alone says it."""

import tomllib

from smsplan.environment import BASE_DIR


def application_version() -> str:
    """The version, such as 0.1.0; "unknown" where the file did not come along."""
    try:
        with (BASE_DIR / "pyproject.toml").open("rb") as handle:
            return str(tomllib.load(handle)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"
