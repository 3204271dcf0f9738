"""What people say of meetings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from governance.choices import Presence
from governance.forms.committee import day_field
from governance.models import Meeting
from governance.selectors.meetings import Guest
from governance.services.meetings import (
    LONGEST,
    LONGEST_DEPUTY,
    LONGEST_PLACE,
    LONGEST_TEXT,
    SHORTEST,
    MeetingFacts,
    Presented,
)
from projects.models import Party, Project


class MeetingForm(forms.Form):
    """When, where and what about. Day and time are those of the project's time zone."""

    day = day_field(gettext_lazy("Day"), required=True)
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        initial="10:00",
        error_messages={
            "required": gettext_lazy("Say when it begins."),
            "invalid": gettext_lazy("Give a time that exists, such as 14:30."),
        },
    )
    length = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=60,
        error_messages={"required": gettext_lazy("Say how long it takes.")},
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=gettext_lazy("A room, or the address of a call."),
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Markdown. Proposed from what waits today; go on writing."),
    )

    def facts(self, project: Project) -> MeetingFacts:
        """What was said, as the services take it."""
        said = self.cleaned_data
        starts_at = datetime.combine(said["day"], said["time"], tzinfo=ZoneInfo(project.time_zone))
        return MeetingFacts(starts_at, said["place"], said["length"], said["agenda"])


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """The form as `meeting` stands."""
    begins = meeting.starts_at.astimezone(ZoneInfo(meeting.project.time_zone))
    return {
        "day": begins.date(),
        "time": begins.time(),
        "length": meeting.length,
        "place": meeting.place,
        "agenda": meeting.agenda,
    }


class AttendanceForm(forms.Form):
    """Who was there: for each guest a presence, and the name of a deputy."""

    def __init__(self, *args: Any, guests: Sequence[Guest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guests = guests
        for guest in guests:
            pk, row = guest.user.pk, guest.row
            self.fields[f"p{pk}"] = forms.ChoiceField(
                label=str(guest.user), choices=Presence.choices, initial=guest.presence.value
            )
            self.fields[f"d{pk}"] = forms.CharField(
                label=gettext_lazy("Deputy"),
                max_length=LONGEST_DEPUTY,
                required=False,
                initial=row.deputy if row is not None else "",
            )
            self.fields[f"v{pk}"] = forms.IntegerField(
                min_value=0, widget=forms.HiddenInput(), initial=row.version if row is not None else 0
            )

    def lines(self) -> Iterable[dict[str, Any]]:
        """Each guest with their fields."""
        for guest in self._guests:
            pk = guest.user.pk
            yield {
                "guest": guest,
                "presence": self[f"p{pk}"],
                "deputy": self[f"d{pk}"],
                "version": self[f"v{pk}"],
            }

    def presented(self) -> list[Presented]:
        """What was said of each."""
        said = self.cleaned_data
        return [
            Presented(pk, said[f"p{pk}"], said[f"d{pk}"], said[f"v{pk}"])
            for pk in (guest.user.pk for guest in self._guests)
        ]


class MinutesForm(forms.Form):
    """What was said."""

    minutes = forms.CharField(
        label=gettext_lazy("Minutes"),
        max_length=LONGEST_TEXT,
        error_messages={"required": gettext_lazy("Write what was said.")},
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "Markdown. What was agreed and why, in the order of the agenda. Decisions and actions have their own rows."
        ),
    )


class PeopleForm(forms.Form):
    """Further people of the project who are asked."""

    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Also ask"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]  # a ModelMultipleChoiceField


class ActionForm(forms.Form):
    """Something that somebody shall do, as the meeting agreed."""

    text = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=Party.objects.none(),
        empty_label="–",
        error_messages={"required": gettext_lazy("Say who does it.")},
    )
    due = day_field(gettext_lazy("Until"), required=True)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Party.objects.filter(project=project, is_active=True).order_by("name")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField
