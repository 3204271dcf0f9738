from django.apps import AppConfig


class SmsplanConfig(AppConfig):
    name = "smsplan"
    verbose_name = "smsplan"

    def ready(self) -> None:
        # Tasks that a web process sends are sent by this application.
        from smsplan import (
            celery,  # noqa: F401 (importing it makes it the application that tasks belong to)
            nightly,
        )

        nightly.register()
