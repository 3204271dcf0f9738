"""The points of the record of commitment hold together: all twelve, each its own, with clauses that exist."""

import yaml
from django.conf import settings

from governance.commitment_guide import groups, points


def test_it_has_the_eight_responsibilities_and_the_four_kinds_of_proof_in_order() -> None:
    assert list(points()) == [f"4.1.1.1-{letter}" for letter in "abcdefgh"] + [f"4.1.1.2-{letter}" for letter in "abcd"]
    assert [len(group.points) for group in groups().values()] == [8, 4]


def test_every_clause_it_names_exists_in_its_edition() -> None:
    listed = yaml.safe_load((settings.CONTENT_DIR / "clauses.yaml").read_text(encoding="utf-8"))
    known = {edition: {row["clause"] for row in rows} for edition, rows in listed.items()}
    for point in points().values():
        assert set(point.clauses_2011) <= known["2011"], point.key
        assert set(point.clauses_2018) <= known["2018"], point.key


def test_no_two_points_say_the_same() -> None:
    for name in ("title", "text", "ask", "weak", "small"):
        said = [getattr(point, name) for point in points().values()]
        assert len(set(said)) == len(said), name
        assert all(len(each) < 420 for each in said), name


def test_questions_ask_and_steps_are_sentences() -> None:
    for point in points().values():
        assert "?" in point.ask or point.ask.endswith("."), point.key
        assert point.next.endswith("."), point.key
