from django.apps import AppConfig


class PhasesConfig(AppConfig):
    name = "phases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common.cleaning import register_cleaning
        from common.content import register_content
        from common.verification import register_check
        from phases import (
            hints,
            jobs,
            models,
            navigation,
            notices,
            panels_questions,
            papers_job,
            roles,
            trail_undos,
            verification,
            wording,
            wording_approach,
            wording_baselines,
            wording_end,
            wording_plan,
            wording_roles,
            wording_tailoring,
        )
        from phases.selectors.parties import loads_of
        from phases.services import overlay, plan_previews
        from phases.services.catalogues import load_catalogue
        from phases.services.tailoring import guard
        from projects.registries import register_party_load
        from projects.verification import register_ownership

        roles.register()
        register_content("catalogues", "catalogue.yaml", load_catalogue, order=10)
        navigation.register()
        jobs.register()
        papers_job.register()
        notices.register()
        wording.register()
        wording_end.register()
        wording_plan.register()
        wording_roles.register()
        wording_baselines.register()
        wording_tailoring.register()
        hints.register()
        panels_questions.register()
        guard.register()
        trail_undos.register()
        register_party_load("phases", loads_of)
        wording_approach.register()
        register_cleaning("plan-previews", "Previews of imported plans", plan_previews.drop_old_previews)
        register_cleaning("wording-previews", "Previews of licensed wording", overlay.drop_old_previews)
        register_check("frozen-phases", "Closed phases", verification.check_frozen, order=30)
        register_check("snapshots", "Kept days", verification.check_snapshots, order=31)
        register_check(
            "snapshots-trail", "Kept days against the trail", verification.check_snapshots_against_trail, order=31
        )
        register_check("baselines", "Baselines", verification.check_baselines, order=32)
        register_ownership(models.PhaseActivity, "activity", "accountable")
        register_ownership(models.Contributor, "phase_activity", "party")
        register_ownership(models.RoleAssignment, "party")
        register_ownership(models.RoleParticipant, "party")
        register_ownership(models.Package, "owner")
        register_ownership(models.ActivityLink, "before", "after")
        register_ownership(models.Round, "phase_activity")
