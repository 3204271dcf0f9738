"""The table in the user guide is the table in the code."""

from django.conf import settings

from projects.capabilities import capabilities
from projects.choices import ProjectRole


def test_the_guide_shows_role_by_capability_as_it_is() -> None:
    text = (settings.BASE_DIR / "docs" / "guide" / "README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- capabilities")[2].partition("<!-- end of capabilities")[0].splitlines()[1:]
    expected = [
        "| | " + " | ".join(str(role.label) for role in ProjectRole) + " |",
        "|---" * (len(ProjectRole) + 1) + "|",
    ]
    for entry in capabilities:
        marks = " | ".join("yes" if role in entry.roles else "" for role in ProjectRole)
        expected.append(f"| {entry.title} | {marks} |")
    assert [line for line in shown if line.strip()] == expected
