"""Twenty processes that write as fast as they can, each through the services, on one database.

    python -m tests.faults.writers PROCESSES SECONDS

Says, as JSON, what each was promised: the row, how many writes of its note were acknowledged, and the last one's text.
"""

import json
import os
import sys
import time
import traceback
from typing import Any


def _write(row: int, seconds: float) -> dict[str, Any]:
    from tests.faults import acts

    done, text, error = 0, "", ""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            wanted = f"write {done + 1} of {os.getpid()}"
            acts.write_note(row, wanted)
            done, text = done + 1, wanted
    except Exception:  # noqa: BLE001 (it is told to the test)
        error = traceback.format_exc()
    return {"row": row, "done": done, "text": text, "error": error}


def main(processes: int, seconds: float) -> None:
    """Fork the writers, wait for them, and say what they said."""
    from smsplan.environment import prepare

    prepare([])
    import django

    django.setup()
    from django.db import connection

    from tests.faults import acts

    rows = acts.rows_of_plan()[:processes]
    # No process may take over an open connection of another.
    connection.close()
    pipes = []
    for row in rows:
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(reader)
            with os.fdopen(writer, "w") as answer:
                json.dump(_write(row, seconds), answer)
            os._exit(0)
        os.close(writer)
        pipes.append(reader)
    said = []
    for reader in pipes:
        with os.fdopen(reader) as answer:
            said.append(json.load(answer))
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
