"""The broker of an embedded installation: a folder, and several processes at it."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.entity import Exchange, Queue

from smsplan.celery import app

QUICK = Queue("quick", Exchange("quick"), routing_key="quick")
HEAVY = Queue("heavy", Exchange("heavy"), routing_key="heavy")


@pytest.fixture
def connect(tmp_path: Path) -> Callable[[], Connection]:
    """`connect()` opens a connection to one folder."""
    assert app.conf.accept_content == ["json"]
    folder = str(tmp_path / "broker")
    options = {"data_folder_in": folder, "data_folder_out": folder, "polling_interval": 0.01}
    return lambda: Connection("filesystem://localhost/", transport_options=options)


def put(connection: Connection, queue: Queue, *bodies: object) -> None:
    producer = connection.Producer(serializer="json")
    for body in bodies:
        producer.publish(body, exchange=queue.exchange, routing_key=queue.routing_key, declare=[queue])


def take(connection: Connection, queue: Queue) -> list[object]:
    """All that waits in `queue`."""
    bound = queue(connection.channel())
    taken = []
    while (message := bound.get(no_ack=True)) is not None:
        taken.append(message.payload)
    return taken


def test_messages_come_in_order_from_their_own_queue(connect) -> None:
    with connect() as connection:
        put(connection, QUICK, 1, 2, 3)
        put(connection, HEAVY, 4)
        assert take(connection, HEAVY) == [4]
        assert take(connection, QUICK) == [1, 2, 3]
        assert take(connection, QUICK) == []


def test_a_message_appears_whole_or_not_at_all(connect, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    with connect() as connection:
        put(connection, QUICK, "a")
        (message,) = folder.iterdir()
        # What a process that was killed while writing leaves.
        (folder / f".{message.name}.part").write_bytes(message.read_bytes()[:20])
        assert take(connection, QUICK) == ["a"]


def test_several_readers_share_what_there_is(connect) -> None:
    taken: list[object] = []
    with connect() as connection:
        put(connection, QUICK, *range(200))

    def read() -> None:
        with connect() as own:
            taken.extend(take(own, QUICK))

    readers = [threading.Thread(target=read) for _number in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(taken) == list(range(200))


def test_a_transport_of_kombus_own_is_not_touched_elsewhere() -> None:
    """Only a process of ours reads `filesystem://` in this way."""
    code = "from kombu.transport import TRANSPORT_ALIASES as known; print(known['filesystem'])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "kombu.transport.filesystem:Transport"


def test_an_empty_folder_is_an_empty_queue(connect) -> None:
    with connect() as connection, pytest.raises(Empty):
        connection.channel()._get("quick")
