"""gunicorn's own lines, in the same form as all others (`--logger-class=smsplan.gunicorn_logger.GunicornLogger`)."""

import logging.config
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # it has no types

from smsplan.logs import chosen, logging_settings


class GunicornLogger(Logger):
    """Keeps no log of accesses: the line `request_finished` is that, and knows the person."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn in its first process, where Django is never loaded."""
        super().setup(cfg)
        logging.config.dictConfig(logging_settings(*chosen()))
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
