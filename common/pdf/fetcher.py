"""What a document may refer to: our own fonts and the images that came with it, all of them bytes in memory."""

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

HERE = Path(__file__).resolve().parent
#: Where relative addresses of a document and of the style sheet stand: nowhere. No such host can exist (RFC 2606).
DOCUMENT = "https://document.invalid/"
SHEET = "https://print.invalid/"
IMAGE = "image:"


class MemoryFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Gives fonts of `common/pdf/fonts` and `images` (by `image:NAME`); anything else ends the document."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._held = {f"{SHEET}fonts/{path.name}": path.read_bytes() for path in HERE.glob("fonts/*.ttf")}
        self._held |= {f"{IMAGE}{name}": content for name, content in images.items()}
        #: What was asked for and is not held: WeasyPrint goes on where a drawing (SVG) asked for it.
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes of `url`. Raises FatalURLFetchingError for all others."""
        if url not in self._held:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, self._held[url])
