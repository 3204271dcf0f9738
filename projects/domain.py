"""The scope sentence. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScopeParts:
    """What a scope statement is made of. Each list holds names as the customers know them."""

    services: Sequence[str] = ()
    delivered_by: str = ""
    locations: Sequence[str] = ()
    customers: Sequence[str] = ()
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ScopePiece:
    """A run of the sentence: `missing` where the person has not said it yet."""

    text: str
    from_answer: bool = False
    missing: bool = False


def joined(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    cleaned = [name.strip() for name in names if name.strip()]
    if len(cleaned) < 2:
        return "".join(cleaned)
    return f"{', '.join(cleaned[:-1])} and {cleaned[-1]}"


def scope_pieces(parts: ScopeParts) -> list[ScopePiece]:
    """The scope sentence in pieces, with what is missing marked."""

    def answer(text: str, what: str) -> ScopePiece:
        return ScopePiece(text, from_answer=True) if text else ScopePiece(what, missing=True)

    pieces = [
        ScopePiece("The SMS of "),
        answer(parts.delivered_by.strip(), "an organization still to be named"),
        ScopePiece(" supports "),
        answer(joined(parts.services), "services still to be named"),
        ScopePiece(" for "),
        answer(joined(parts.customers), "customers still to be named"),
        ScopePiece(", delivered from "),
        answer(joined(parts.locations), "locations still to be named"),
        ScopePiece("."),
    ]
    left_out = joined(parts.left_out)
    if left_out:
        pieces += [ScopePiece(" Left out: "), ScopePiece(left_out, from_answer=True), ScopePiece(".")]
    return pieces


def scope_sentence(parts: ScopeParts) -> str:
    """The scope statement as one text; "" while something in it is missing."""
    pieces = scope_pieces(parts)
    if any(piece.missing for piece in pieces):
        return ""
    return "".join(piece.text for piece in pieces)
