from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import navigation, parts, roles

        roles.register()
        navigation.register()
        for part in parts.PARTS:
            part()
