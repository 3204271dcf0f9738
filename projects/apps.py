from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common.verification import register_check
        from projects import models, roles, verification, wording, wording_calendar, wording_feeds

        roles.register()
        wording.register()
        wording_calendar.register()
        wording_feeds.register()
        verification.register_ownership(models.GroupMember, "group", "person")
        register_check("trails", "Trails of projects", verification.check_trails, order=12)
        register_check("tenancy", "Tenancy", verification.check_ownership, order=20)
