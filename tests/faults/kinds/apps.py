from django.apps import AppConfig


class KindsConfig(AppConfig):
    name = "tests.faults.kinds"
    label = "fault_kinds"

    def ready(self) -> None:
        from tests.faults.kinds import places, work

        work.register()
        places.mark()
