"""A production installation in a folder of its own, driven as an operator and a browser would."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smsplan.environment import BASE_DIR

EMAIL = "ada@example.org"
PASSWORD = "correct horse battery staple"
_START_SECONDS = 180


def manage(data_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py for the installation in `data_dir`, with nothing else in its environment."""
    return subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), *arguments],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data_dir: Path, port: int, **environment: str) -> Iterator[str]:
    """Serve the installation in `data_dir`; the address, once it answers."""
    log = data_dir / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(BASE_DIR / "manage.py"), "serve", "--port", str(port)],
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - http alone
                    break
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)
        else:
            raise AssertionError(f"it does not answer: {log.read_text(errors='replace')[-2000:]}")
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def signs_in(address: str, email: str, password: str) -> bool:
    """Whether a person can sign in at `address` by the form."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with opener.open(f"{address}/accounts/login/", timeout=30) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "login": email, "password": password})
    request = urllib.request.Request(  # noqa: S310 - http alone
        f"{address}/accounts/login/", data=form.encode(), headers={"Referer": f"{address}/accounts/login/"}
    )
    with opener.open(request, timeout=30) as page:
        return "/accounts/login/" not in page.url
