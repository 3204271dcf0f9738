"""Addresses of decisions and actions."""

from django.urls import path

from governance.views import actions, asking, deciding, decisions

GOVERNANCE = "projects/<slug:slug>/governance"
DECISIONS = f"{GOVERNANCE}/decisions"
ACTIONS = f"{GOVERNANCE}/actions"

urlpatterns = [
    path(f"{DECISIONS}/", decisions.register, name="decisions"),
    path(f"{DECISIONS}/export/", decisions.export, name="decisions_export"),
    path(f"{DECISIONS}/new/", asking.new, name="decision_new"),
    path(f"{DECISIONS}/<str:ref>/", decisions.page, name="decision"),
    path(f"{DECISIONS}/<str:ref>/change/", asking.change, name="decision_change"),
    path(f"{DECISIONS}/<str:ref>/withdraw/", asking.withdraw, name="decision_withdraw"),
    path(f"{DECISIONS}/<str:ref>/call/", asking.call, name="decision_call"),
    path(f"{DECISIONS}/<str:ref>/attach/", asking.attach_to, name="decision_attach"),
    path(f"{DECISIONS}/<str:ref>/detach/<int:pk>/", asking.detach_from, name="decision_detach"),
    path(f"{DECISIONS}/<str:ref>/reopen/", asking.reopen, name="decision_reopen"),
    path(f"{DECISIONS}/<str:ref>/vote/", deciding.vote, name="decision_vote"),
    path(f"{DECISIONS}/<str:ref>/record/", deciding.record, name="decision_record"),
    path(f"{DECISIONS}/<str:ref>/paper/", decisions.paper, name="decision_paper"),
    path(f"{ACTIONS}/", actions.listing, name="actions"),
    path(f"{ACTIONS}/export/", actions.export, name="actions_export"),
    path(f"{ACTIONS}/new/", actions.new, name="action_new"),
    path(f"{ACTIONS}/<str:ref>/", actions.page, name="action"),
    path(f"{ACTIONS}/<str:ref>/change/", actions.change, name="action_change"),
    path(f"{ACTIONS}/<str:ref>/finish/", actions.finish, name="action_finish"),
    path(f"{ACTIONS}/<str:ref>/drop/", actions.drop, name="action_drop"),
    path(f"{ACTIONS}/<str:ref>/take-up/", actions.take_up, name="action_take_up"),
]
