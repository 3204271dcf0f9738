"""How the papers of an organization look."""

from common.paper.style import HouseStyle as PaperStyle
from documents.models import HouseStyle
from projects.models import Organization


def style_of(organization: Organization) -> PaperStyle:
    """The house style of `organization`, or the one that everybody begins with. One query."""
    row = HouseStyle.objects.filter(organization=organization).first()
    if row is None:
        return PaperStyle()
    return PaperStyle(
        logo=bytes(row.logo), accent=row.accent, typeface=row.typeface, header=row.header, footer=row.footer
    )
