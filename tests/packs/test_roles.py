"""What the catalogue of 2010 says of its roles holds together."""

from typing import Any

import pytest
import yaml
from django.conf import settings

FOLDER = settings.CONTENT_DIR / "catalogues" / "tr20000-5-2010"
NAMES = [
    "Top management",
    "Project (or team member)",
    "Business relationship management",
    "Audit",
    "Configuration management",
    "Implementation board",
    "Documentation management",
    "Human resource manager",
    "Service owner",
    "Service improvement management",
    "Process owner",
    "Functional management",
    "New service project team",
    "Change management",
    "Release management",
    "Service level management",
    "Service reporting management",
    "Service continuity management",
    "Availability management",
    "Finance management",
    "Capacity management",
    "Security management",
    "Incident management",
    "Supplier management",
    "Problem management",
]


@pytest.fixture(scope="module")
def roles() -> list[dict[str, Any]]:
    return yaml.safe_load((FOLDER / "roles.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def activities() -> dict[str, dict[str, Any]]:
    rows = yaml.load((FOLDER / "activities.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {row["ref"]: row for row in rows}


def test_it_describes_the_25_roles_by_their_names(
    roles: list[dict[str, Any]], activities: dict[str, dict[str, Any]]
) -> None:
    assert [role["name"] for role in roles] == NAMES
    assert {name for row in activities.values() for name in row["roles"]} == set(NAMES)


def test_every_role_says_what_it_does_and_who_it_is_in_small_and_large(roles: list[dict[str, Any]]) -> None:
    for role in roles:
        assert len(role["in_the_project"].split()) >= 20, role["name"]
        assert role["small_provider"] != role["large_provider"]
        assert role["small_provider"].strip(), role["name"]
        assert role["large_provider"].strip(), role["name"]


def test_what_not_to_combine_names_another_role_and_says_why(roles: list[dict[str, Any]]) -> None:
    for role in roles:
        for other in role["do_not_combine"]:
            assert other["role"] != role["name"]
            assert len(other["why"].split()) >= 5, role["name"]
    assert any(other["role"] == "Audit" for role in roles for other in role["do_not_combine"])


def test_no_two_roles_are_described_alike(roles: list[dict[str, Any]]) -> None:
    assert len({role["in_the_project"] for role in roles}) == 25


def test_the_proposal_for_audit_gives_its_four_decisions_to_others(
    roles: list[dict[str, Any]], activities: dict[str, dict[str, Any]]
) -> None:
    (audit,) = [role for role in roles if "proposal" in role]
    assert audit["name"] == "Audit"
    moves = audit["proposal"]["reassign"]
    assert [move["ref"] for move in moves] == ["MR.h.3", "MM.d", "MM.e", "MM.f"]
    for move in moves:
        assert activities[move["ref"]]["roles"][0] == "Audit"
        assert move["accountable"] in set(NAMES) - {"Audit"}
        assert set(move["contributes"]) <= set(NAMES) - {"Audit"}
