"""Sign-in by mail address."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class ActiveUserBackend(AuthenticationBackend):
    """allauth's back end; a deactivated user is nobody, in a running session too."""

    def get_user(self, user_id: Any) -> Any:
        user = super().get_user(user_id)
        return user if user is not None and user.is_active else None
