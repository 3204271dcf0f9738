from django.apps import AppConfig


class PhasesConfig(AppConfig):
    name = "phases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from phases import hints, jobs, models, navigation, roles, wording, wording_end
        from phases.selectors.parties import loads_of
        from projects.registries import register_party_load
        from projects.verification import register_ownership

        roles.register()
        navigation.register()
        jobs.register()
        wording.register()
        wording_end.register()
        hints.register()
        register_party_load("phases", loads_of)
        register_ownership(models.PhaseActivity, "activity", "accountable")
        register_ownership(models.Contributor, "phase_activity", "party")
        register_ownership(models.RoleAssignment, "party")
        register_ownership(models.RoleParticipant, "party")
        register_ownership(models.Package, "owner")
        register_ownership(models.ActivityLink, "before", "after")
        register_ownership(models.Round, "phase_activity")
