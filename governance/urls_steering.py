"""Addresses of the committee's one page and its papers."""

from django.urls import path

from governance.views import steering

urlpatterns = [
    path("projects/<slug:slug>/governance/", steering.page, name="steering"),
    path("projects/<slug:slug>/governance/board-pack/", steering.pack, name="board_pack"),
]
