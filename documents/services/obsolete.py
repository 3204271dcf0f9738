"""Taking a version out of force."""

from django.utils.translation import gettext as _

from common import clock
from documents.choices import VersionState
from documents.models import DocumentVersion
from evidence.choices import ItemState
from evidence.services.items import withdraw_item
from projects.services.guards import write_versioned


def put_out_of_force(version: DocumentVersion) -> None:
    """Make a published version obsolete. What was pinned of it stays readable and no longer counts as evidence, so that
    the rules of retention run from now on. A trail event for each item."""
    values = {"state": VersionState.OBSOLETE, "obsolete_at": clock.now()}
    write_versioned(version, version=version.version, values=values, shown={}, sent={})
    document = version.document
    why = _("Version %(number)s of %(document)s is obsolete.") % {"number": version.number, "document": document}
    for item in (version.record, version.paper):
        if item is not None and item.state == ItemState.CURRENT:
            withdraw_item(acting_user=None, project=document.project, key=item.key, version=item.version, why=why[:300])
