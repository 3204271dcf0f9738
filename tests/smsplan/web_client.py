"""A person at a browser, for tests that serve the application in processes of its own: cookies and forms over HTTP."""

import http.client
import re
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit


class Answer(NamedTuple):
    """What came back."""

    status: int
    location: str
    content: bytes
    content_type: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8")


class Visitor:
    """Asks a server on `port` for pages of `base_url`, as a proxy with https:// in front would."""

    def __init__(self, port: int, base_url: str) -> None:
        self._port = port
        self._address = urlsplit(base_url)
        self._base_url = base_url
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str) -> Answer:
        """A page; the token of its form is kept."""
        answer = self._ask("GET", path, None)
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', answer.content)
        self._token = found[1].decode() if found else self._token
        return answer

    def post(self, path: str, **values: str) -> Answer:
        """A form of the page asked for last."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self._token, **values}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Host": self._address.netloc,
            "X-Forwarded-Proto": self._address.scheme,
            "X-Forwarded-For": "192.0.2.7",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._base_url}
            headers["Referer"] = self._base_url + path
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
            for line in response.headers.get_all("Set-Cookie", []):
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Answer(
                response.status, response.headers.get("Location", ""), content, response.headers.get("Content-Type", "")
            )
        finally:
            connection.close()
