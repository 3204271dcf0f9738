"""A process under guard that says what it was given, or ends as it is told to."""

import os
import resource
import time
from typing import Any

from common.pdf.channel import Request, answer


class Speechless(Exception):
    """An error that takes the last memory when it is asked where it comes from."""

    @property
    def __cause__(self) -> BaseException:  # type: ignore[override]  # as a library in C may do
        raise MemoryError


def probe(request: Request) -> dict[str, Any]:
    """Do what the request says."""
    match request.values.get("do"):
        case "burn":
            while True:
                pass
        case "grow":
            return {"size": len(bytes(2**31))}
        case "fail without memory":
            raise Speechless
        case "write":
            with open(request.values["output"], "wb") as target:
                target.write(bytes(3_000_000))
        case "sleep":
            time.sleep(600)
        case "signal":
            os.kill(os.getpid(), request.values["number"])
        case "leave":
            os._exit(3)
        case "fail":
            raise ValueError("a fault of ours")
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE")
    return {
        "limits": {name: resource.getrlimit(getattr(resource, name))[0] for name in names},
        "environment": dict(os.environ),
        "parts": {name: content.decode() for name, content in request.parts.items()},
        "own_session": os.getsid(0) == os.getpid(),
    }


if __name__ == "__main__":
    answer(probe)
