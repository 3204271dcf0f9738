#!/usr/bin/env python3
"""Entry point of every command: `manage.py COMMAND`."""

import os
import sys


def main() -> None:
    """Load the environment of this installation, then hand over to Django."""
    from smsplan.environment import ConfigurationError, prepare  # noqa: PLC0415 (the environment stands before Django is imported)
    from smsplan.initial_settings import prepare_init  # noqa: PLC0415 (as above)

    try:
        prepare_init(sys.argv)
        prepare(sys.argv)
    except ConfigurationError as error:
        sys.exit(f"smsplan: {error}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsplan.settings")

    from django.core.management import execute_from_command_line  # noqa: PLC0415 (the environment stands before Django is imported)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
