from django.apps import AppConfig

from common.lean_openpyxl import keep_numpy_out

# Here, because app configurations load before anything that reads or writes workbooks.
keep_numpy_out()


class CommonConfig(AppConfig):
    name = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common import sqlite

        sqlite.register()
