"""Days with a name, and the public holidays of countries and their regions (from the library `holidays`)."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Any

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NAME = 80
# The days of the week as the trail keeps them, in whatever language a page was read.
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Where the name of the library's module is not yet how the country is written.
_SPELLED = {
    "CG": "Congo",
    "CI": "Côte d’Ivoire",
    "CW": "Curaçao",
    "CD": "DR Congo",
    "GW": "Guinea-Bissau",
    "HK": "Hong Kong",
    "RE": "Réunion",
    "BL": "Saint Barthélemy",
    "ST": "São Tomé and Príncipe",
    "SY": "Syria",
    "TL": "Timor-Leste",
    "TR": "Türkiye",
}
_SMALL_WORDS = {"and", "da", "of", "the"}


@dataclass(frozen=True, slots=True, order=True)
class NamedDay:
    """A day with what it is called."""

    day: date
    name: str


def _library() -> Any:
    # It takes a third of a second to load: only who asks for public holidays waits for it.
    import holidays  # noqa: PLC0415 (see above)

    return holidays


def library_version() -> str:
    """The version of the library that knows the holidays."""
    return version("holidays")


def _spelled(module: str, code: str) -> str:
    words = module.split("_")
    return _SPELLED.get(code) or " ".join(word if word in _SMALL_WORDS else word.capitalize() for word in words)


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    """`names` in the order a reader of English looks for them in, accents aside."""
    plain = {code: unicodedata.normalize("NFKD", name).encode("ascii", "ignore") for code, name in names.items()}
    return {code: names[code] for code in sorted(names, key=lambda code: plain[code].lower())}


@cache
def countries() -> Mapping[str, str]:
    """The countries that the library knows, by their code of two letters, in order of their names."""
    found = {
        code: _spelled(module, code)
        for module, (_class, *codes) in _library().registry.COUNTRIES.items()
        for code in codes[:1]
    }
    return _by_name(found)


@cache
def regions(country: str) -> Mapping[str, str]:
    """The regions of a country that have holidays of their own, by their code, in order of their names.

    Raises KeyError for an unknown country.
    """
    if country not in countries():
        raise KeyError(country)
    entity = getattr(_library(), country)
    names: dict[str, str] = {}
    for name, code in getattr(entity, "subdivisions_aliases", {}).items():
        # Some aliases are other codes; a name is longer than those.
        if len(name) > len(names.get(code, "")):
            names[code] = name
    return _by_name({code: names.get(code, code) for code in entity.subdivisions})


def _language(country: str) -> str | None:
    spoken = getattr(_library(), country).supported_languages
    english = sorted(code for code in spoken if code == "en" or code.startswith("en_"))
    return english[0] if english else None


def public_holidays(country: str, region: str, years: Iterable[int]) -> list[NamedDay]:
    """The public holidays of `country` (of all of it where `region` is "") in `years`, in order, in English if known.

    Raises KeyError for a country or region that `countries` and `regions` do not name.
    """
    if region not in ("", *regions(country)):
        raise KeyError(region)
    found = _library().country_holidays(
        country,
        subdiv=region or None,
        years=sorted(set(years)),
        expand=False,
        language=_language(country),
    )
    return sorted(NamedDay(day, _short(name)) for day, name in found.items())


def _short(name: str) -> str:
    line = " ".join(name.replace("; ", ", ").split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"
