"""Append-only streams of events. No foreign key leads out of this app."""

import json
from typing import Any

from django.db import models


class Stream(models.Model):
    """A chain of events: one for each project, each organization, and the installation."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=200)
    head_seq = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class Event(models.Model):
    """One act on one object. Written once by `record_events`; triggers refuse change and removal."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    payload = models.TextField(null=True)  # noqa: DJ001 (null says "disposed of"; an empty text would be a payload)
    salt = models.CharField(max_length=32)
    payload_sha256 = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)
    mac_key_id = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_seq_once")]
        indexes = [
            models.Index(fields=["stream", "kind", "key", "seq"], name="event_object"),
            models.Index(fields=["stream", "actor_id", "seq"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.kind} {self.key}"

    @property
    def content(self) -> dict[str, Any]:
        """The payload as a mapping; empty where it was disposed of."""
        return json.loads(self.payload) if self.payload is not None else {}


class Checkpoint(models.Model):
    """How far a stream was found whole, so that a nightly check can go on from there."""

    stream = models.OneToOneField(Stream, on_delete=models.CASCADE, related_name="checkpoint")
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stream_id} to {self.seq}"
