"""What a scope may not leave out."""

import pytest

from projects.leaving_out import PROCESSES, RefusedPart, refused_part


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Change management, done by the carrier", "8.5.1"),
        ("our CHANGE-management", "8.5.1"),
        ("Incident  management", "8.6.1"),
        ("the internal audit", "9.2"),
        ("service level management for the plants", "8.3.3"),
        ("Release and deployment management", "8.5.3"),
    ],
)
def test_it_refuses_a_process_by_name(text: str, clause: str) -> None:
    assert refused_part(text) == RefusedPart(clause, refused_part(text).name)
    assert refused_part(text).clause == clause


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Clause 8.5.1", "8.5.1"),
        ("clause 9", "9"),
        ("all of subclause 8.2.3, by the carrier", "8.2.3"),
        ("§ 7.5", "7.5"),
        ("8.7.3 Security", "8.7.3"),
        ("requirements of 10", "10"),
    ],
)
def test_it_refuses_a_clause_by_number(text: str, clause: str) -> None:
    assert refused_part(text) == RefusedPart(clause)


@pytest.mark.parametrize(
    "text",
    [
        "Factory networks",
        "Oracle 8.5 databases",
        "Customers outside the EU",
        "The change management tool of the plants",
        "4 small offices",
        "Building 9.2",
        "Clauses in old contracts",
        "",
    ],
)
def test_it_lets_services_places_and_customers_be_left_out(text: str) -> None:
    assert refused_part(text) is None


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_it_knows_each_process_of_its_table(name: str) -> None:
    found = refused_part(f"{name.capitalize()}, done by others")
    assert found is not None
    assert found.clause == PROCESSES[found.name]
