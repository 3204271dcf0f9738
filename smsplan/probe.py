"""Health checks of containers: exit 0 when all is well, else say why and exit 1.

    python -m smsplan.probe ready http://127.0.0.1:8000/readyz
    python -m smsplan.probe alive /tmp/alive 60

No package and no settings: it runs every few seconds.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from common import clock

SECONDS = 8.0


def ready(url: str) -> str:
    """What is wrong with the answer of `url`, or "". It is asked for by the host of BASE_URL, which is answered."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc or urlsplit(url).netloc
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 (the address comes from our own files)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310 (as above)
            return "" if response.status == 200 else f"answered {response.status}"
    except urllib.error.HTTPError as error:
        return _wrong(error.read()) or f"answered {error.code}"
    except (OSError, ValueError) as error:
        return f"does not answer: {error}"


def _wrong(body: bytes) -> str:
    try:
        checks = json.loads(body)["checks"]
        return "; ".join(f"{name}: {check['words']}" for name, check in checks.items() if not check["ok"])
    except (ValueError, KeyError, TypeError):
        return ""


def alive(file: str, seconds: float) -> str:
    """How long `file` was not touched, or "" where that is at most `seconds`."""
    try:
        age = clock.now().timestamp() - Path(file).stat().st_mtime
    except OSError:
        return f"{file} is not there"
    return "" if age <= seconds else f"no sign of life for {age:.0f} s"


def main(arguments: Sequence[str]) -> int:
    """Run the check that `arguments` name."""
    match arguments:
        case ["ready", url]:
            words = ready(url)
        case ["alive", file, seconds]:
            words = alive(file, float(seconds))
        case _:
            words = "say: ready URL, or alive FILE SECONDS"
    if words:
        sys.stderr.write(f"probe: {words}\n")
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
