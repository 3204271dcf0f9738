"""A browser without a screen: cookies, forms, one connection for each request."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

from tests.cast import PASSWORD

_BOUNDARY = "----boundary-of-a-fault-test"


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    content: bytes

    @property
    def text(self) -> str:
        """The page, in one line."""
        return " ".join(self.content.decode(errors="replace").split())


class Browser:
    """Asks `address` for pages and sends forms; redirects are not followed. Raises OSError where nothing answers."""

    def __init__(self, address: str, *, seconds: float = 60) -> None:
        self._host = address.removeprefix("http://")
        self._seconds = seconds
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form."""
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **fields})
        return self._ask("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a form with one file."""
        token = self._cookies.get("csrftoken", "")
        body = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode() + content
        body += f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})

    def sign_in(self, email: str) -> None:
        """Sign in by the form."""
        page = self.get("/accounts/login/")
        assert page.status == 200, page.text[:2000]
        answer = self.post("/accounts/login/", login=email, password=PASSWORD)
        assert answer.status == 302, answer.text[:2000]

    def version_of(self, path: str) -> str:
        """The version that the first form of a page carries."""
        found = re.search(r'name="version" value="(\d+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=self._seconds)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            connection.request(method, path, body, {**headers, **({"Cookie": cookies} if cookies else {})})
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return Answer(answer.status, answer.headers.get("Location", ""), content)
