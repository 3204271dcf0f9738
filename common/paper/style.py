"""The house style of an organization on its documents: logo, colour, fonts, a line in head and foot."""

import io
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

from common.exceptions import RuleBroken

LOGO_MOST_BYTES = 1_000_000
LOGO_MOST_PIXELS = 4_000
_ENDINGS = {"PNG": "png", "JPEG": "jpg"}
# What a printer and an archive both take: grey or red-green-blue, with a transparent ground or without.
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


class Accent(TextChoices):
    """The colours there are: each dark enough to be read on white (4.5 : 1), and apart from the others."""

    INK = "ink", gettext_lazy("Ink")
    BLUE = "blue", gettext_lazy("Blue")
    TEAL = "teal", gettext_lazy("Teal")
    GREEN = "green", gettext_lazy("Green")
    PLUM = "plum", gettext_lazy("Plum")
    RUST = "rust", gettext_lazy("Rust")
    RED = "red", gettext_lazy("Red")


class Typeface(TextChoices):
    """The fonts there are; all come with us, so that a document looks the same on every machine."""

    CLASSIC = "classic", gettext_lazy("Serif for reading, sans serif for headings")
    SANS = "sans", gettext_lazy("Sans serif throughout")
    SERIF = "serif", gettext_lazy("Serif throughout, tables in sans serif")


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How the documents of an organization look. `logo` is a PNG or JPEG that `checked_logo` has seen, or nothing."""

    logo: bytes = b""
    accent: str = Accent.INK
    typeface: str = Typeface.CLASSIC
    header: str = ""
    footer: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a colour or font that is not on the list."""
        Accent(self.accent)
        Typeface(self.typeface)

    @property
    def logo_name(self) -> str:
        """The name of the logo among the images of a document; "" without one."""
        if not self.logo:
            return ""
        return "house-logo.png" if self.logo.startswith(b"\x89PNG") else "house-logo.jpg"


def checked_logo(content: bytes) -> bytes:
    """`content`, which is a logo that can be printed. Raises RuleBroken, in words for who uploads it, for all else."""
    if len(content) > LOGO_MOST_BYTES:
        raise RuleBroken(_("The logo is larger than 1 MB. Save it smaller, then upload it again."), field="logo")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_ENDINGS)) as image:
            width, height, mode = image.width, image.height, image.mode
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise RuleBroken(_("The logo is no PNG or JPEG picture. Save it as one of them."), field="logo") from None
    if max(width, height) > LOGO_MOST_PIXELS:
        raise RuleBroken(
            _("The logo is %(width)d by %(height)d pixels; %(most)d are the most. Save it smaller.")
            % {"width": width, "height": height, "most": LOGO_MOST_PIXELS},
            field="logo",
        )
    if mode not in _MODES:
        raise RuleBroken(_("The colours of the logo are made for a press. Save it as RGB or grey."), field="logo")
    return content
