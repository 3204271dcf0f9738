from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import jobs, kinds, models, roles, wording
        from projects.verification import register_ownership

        roles.register()
        wording.register()
        kinds.register()
        jobs.register()
        register_ownership(models.Comment, "answers")
        register_ownership(models.Mention, "comment")
