from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AudittrailConfig(AppConfig):
    name = "audittrail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audittrail import triggers, verification
        from common.verification import heads_checks, register_check

        # Altering a SQLite table drops its triggers without a word, so they are made again after each migration.
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        register_check("trail", "Trail", verification.check_streams, order=10)
        heads_checks.register("trail", verification.check_kept_heads)
        register_check("trail-triggers", "Trail triggers", verification.check_triggers, order=11)
