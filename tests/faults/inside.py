"""A process of an installation that does what a test tells it: a line of JSON for each call, and one for its answer."""

import json
import sys
import traceback


def main() -> None:
    """Read calls (`[name, arguments, keywords]`) until the input ends."""
    from smsplan.environment import prepare

    prepare([])
    import django

    django.setup()
    from django.db import close_old_connections, connection

    from tests.faults import acts

    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, arguments, keywords = json.loads(line)
        close_old_connections()
        try:
            answer = {"answer": getattr(acts, name)(*arguments, **keywords)}
        except Exception:  # noqa: BLE001 (it is told to the test)
            answer = {"error": traceback.format_exc()}
            connection.close()
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
