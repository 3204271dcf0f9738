"""What evidence packs put into the registries of the apps below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audits import models, pack_jobs, wording_packs
from audits.services.packs import drop_old_packs
from audits.verification_packs import check_packs
from common.cleaning import register_cleaning
from common.verification import register_check
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav
from projects.verification import register_ownership


def _packs(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Evidence packs"), reverse("packs", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    wording_packs.register()
    pack_jobs.register()
    register_nav("packs", NavItem(_("Audit"), "packs.view", "archive", _packs), order=68)
    register_cleaning("evidence-packs", _("Evidence packs that were kept long enough"), drop_old_packs)
    register_check("evidence-packs", "Evidence packs", check_packs, order=45)
    register_ownership(models.EvidencePack, "job")
    register_ownership(models.PackFetch, "pack")
