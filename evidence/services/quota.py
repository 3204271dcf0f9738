"""How much an organization may keep. Both of two files that come at once are counted."""

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from evidence.exceptions import NoRoom
from evidence.models import StorageUse
from projects.models import Organization

MEGABYTE = 1024 * 1024


def take_room(organization: Organization, size: int) -> None:
    """Count `size` bytes more. Raises NoRoom where they are more than the organization may keep."""
    limit = int(settings.EVIDENCE_QUOTA_MB) * MEGABYTE
    StorageUse.objects.get_or_create(organization=organization)
    # One statement decides, so that two files that come at once cannot both take the last of the room.
    taken = StorageUse.objects.filter(organization=organization, used__lte=limit - size).update(used=F("used") + size)
    if not taken:
        raise NoRoom(
            _("Your organization may keep %(limit)d MB of evidence, and this would be more. Ask the administrator.")
            % {"limit": limit // MEGABYTE},
            field="file",
        )


def give_back(organization: Organization, size: int) -> None:
    """Count `size` bytes less."""
    StorageUse.objects.filter(organization=organization).update(used=Greatest(F("used") - size, 0))
