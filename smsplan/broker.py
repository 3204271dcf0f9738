"""The broker of an embedded installation: kombu's messages in a folder, made safe for several processes.

kombu writes a message into the file that a worker may be reading already, and keeps who listens to what in files that
two processes may write at once. Here a message appears whole or not at all, and the queues are known beforehand.
"""

import contextlib
import logging
import os
import time
import uuid
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)
_PARTS = frozenset({"body", "headers", "properties", "content-type", "content-encoding"})


class Channel(filesystem.Channel):
    """As kombu's, with messages that appear by rename, and one fixed table of queues."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        os.makedirs(self.data_folder_out, mode=0o700, exist_ok=True)

    def _put(self, queue: Any, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu's classes differ
        # Sorted by name, a worker takes the oldest first; wall time, because others start again with the machine.
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        folder = os.fspath(self.data_folder_out)
        hidden = os.path.join(folder, f".{name}.part")
        try:
            with open(hidden, "xb") as handle:
                handle.write(str_to_bytes(dumps(payload)))
            os.replace(hidden, os.path.join(folder, name))
        except OSError:
            # Half a message on a full disk would only take more of it.
            with contextlib.suppress(OSError):
                os.unlink(hidden)
            raise

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        while True:
            try:
                payload = super()._get(queue)
            except (ChannelError, ValueError) as error:
                # It is out of the folder already, so that nobody stumbles over it again.
                logger.warning("a file among the messages is none and is passed over: %s", error)
                continue
            if isinstance(payload, dict) and payload.keys() >= _PARTS and isinstance(payload["properties"], dict):
                return payload
            logger.warning("a file among the messages is none and is passed over")

    def get_table(self, exchange: str) -> list[Any]:
        """Each queue is bound to the exchange of its own name."""
        return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, *_args: Any) -> None:
        """There is nothing to keep: `get_table` knows."""


class Transport(filesystem.Transport):
    """kombu's `filesystem://` with the channel above."""

    Channel = Channel
