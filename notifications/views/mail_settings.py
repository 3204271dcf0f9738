"""Which mails a person gets: their own page, and the link in the foot of each mail."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from common.query import read_query, single_values
from notifications.choices import ALL_KINDS, Pace
from notifications.forms.mail_settings import MailSettingsForm, initial_choices
from notifications.models import MailSettings
from notifications.registry import notice_kinds
from notifications.selectors.outbox import last_mails_to, waiting_for
from notifications.selectors.recipients import Recipient, recipients, usual_zone_of
from notifications.services.mail_settings import save_mail_settings, stop_mail
from notifications.tokens import read_token
from projects.access import SignedInRequest, public_view, signed_in_view


@signed_in_view("GET", "POST")
def mail_settings(request: SignedInRequest) -> HttpResponse:
    """Show and change which mails the person gets, when the next digest goes, and the last mails to them."""
    read_query(request.GET)
    usual = usual_zone_of(request.user)
    if request.method == "POST":
        form = MailSettingsForm(single_values(request.POST), usual_zone=usual)
        if form.is_valid():
            save_mail_settings(acting_user=request.user, paces=form.paces, time_zone=form.cleaned_data["time_zone"])
            messages.success(request, _("Your choice is saved."))
            return redirect("mail_settings")
        return _page(request, form, recipients([request.user.pk])[request.user.pk], 422)
    recipient = recipients([request.user.pk])[request.user.pk]
    settings = MailSettings.objects.filter(user=request.user).first()
    form = MailSettingsForm(initial=initial_choices(recipient, settings), usual_zone=usual)
    return _page(request, form, recipient, 200)


def _page(request: SignedInRequest, form: MailSettingsForm, recipient: Recipient, status: int) -> HttpResponse:
    context = {
        "form": form,
        "next_digest": recipient.next_digest(),
        "zone": recipient.zone.replace("_", " "),
        "waiting": waiting_for(request.user),
        "mails": last_mails_to(request.user),
        "crumbs": [{"label": _("Portfolio"), "url": reverse("home")}, {"label": _("Mail"), "url": ""}],
    }
    with timezone.override(ZoneInfo(recipient.zone)):
        return render(request, "notifications/mail_settings.html", context, status=status)


# A mail program posts here by itself (RFC 8058), without a cookie or a form of ours. The token in the address is the
# whole right, and all it can do is turn mail off.
@csrf_exempt
@public_view("GET", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mails shall stop (GET changes nothing: programs open links on their own), and stop them (POST)."""
    read_query(request.GET)
    told = read_token(token)
    person = User.objects.filter(pk=told[0]).first() if told is not None else None
    if told is None or person is None or (told[1] != ALL_KINDS and told[1] not in notice_kinds):
        raise Http404
    kind = told[1]
    if request.method == "POST":
        stop_mail(person=person, kind=kind)
        if "List-Unsubscribe" not in request.POST:
            return redirect("mail_unsubscribe", token)
    recipient = recipients([person.pk]).get(person.pk)
    context = {
        "token": token,
        "kind_title": notice_kinds[kind].title if kind != ALL_KINDS else "",
        "is_off": recipient is None or _is_off(recipient, kind),
    }
    return render(request, "notifications/unsubscribe.html", context)


def _is_off(recipient: Recipient, kind: str) -> bool:
    kinds = notice_kinds.keys() if kind == ALL_KINDS else [kind]
    return all(recipient.pace(key) == Pace.NEVER for key in kinds)
