"""Role x capability, as data: who may do what in a project.

Higher apps register theirs in `AppConfig.ready()`. The table is shown in the user guide and tested as a whole.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from common.registry import Registry
from projects.choices import ProjectRole

MANAGER = ProjectRole.MANAGER
EVERYBODY = frozenset(ProjectRole)
WRITERS = frozenset(set(ProjectRole) - {ProjectRole.AUDITOR})


@dataclass(frozen=True, slots=True)
class Capability:
    """Something one may do in a project, in words, and the roles that may."""

    key: str
    title: str | Promise
    roles: frozenset[ProjectRole]


capabilities: Registry[Capability] = Registry("capabilities")


def register_capability(
    key: str, title: str | Promise, roles: frozenset[ProjectRole] | set[ProjectRole], *, order: int = 100
) -> None:
    """Make `key` a capability that `roles` hold. Organization owners hold every one."""
    capabilities.register(key, Capability(key, title, frozenset(roles)), order=order)


def capabilities_of(roles: frozenset[ProjectRole], *, organization_owner: bool) -> frozenset[str]:
    """The keys that somebody with `roles` holds."""
    return frozenset(capability.key for capability in capabilities if organization_owner or roles & capability.roles)
