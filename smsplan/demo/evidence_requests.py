"""The requests for evidence of the demo: one of each state, one of them late, one that was sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from common import clock
from evidence import files
from evidence.choices import RequestState
from evidence.models import EvidenceRequest
from evidence.services.items import Facts, FileIn, add_evidence
from evidence.services.requests import ask_for_evidence, give_evidence, settle_request
from phases.models import ProjectActivity
from projects.models import Party, Project
from smsplan.demo.script import Script, in_week


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: asked so many days ago, due in so many days from now (before now: below 0), and what became of it."""

    text: str
    of: str
    ref: str
    days_ago: int
    due_in: int
    file: str = ""
    state: str = RequestState.ASKED
    words: str = ""


STORY = (
    Asked(
        "Ten changes of the last month in a row, each with the way back that was written before approval.",
        "owner",
        "CH.i",
        days_ago=19,
        due_in=-4,
    ),
    Asked(
        "The policy for changes as it is in force, with the signature of Elin Vos.",
        "owner",
        "CH.b",
        days_ago=12,
        due_in=3,
        file="change-policy-draft.txt",
        state=RequestState.SENT_BACK,
        words="This is the draft of spring, without a signature. The signed one, please.",
    ),
    Asked(
        "One workplace in the configuration database, with everything that is related to it.",
        "tomas",
        "CF.d",
        days_ago=10,
        due_in=2,
        file="workplace-and-its-relations.txt",
        state=RequestState.GIVEN,
    ),
    Asked(
        "One week of incidents at the service desk, with priority and time to restore.",
        "klara",
        "IN.b",
        days_ago=24,
        due_in=-9,
        file="incidents-of-one-week.txt",
        state=RequestState.ACCEPTED,
    ),
    Asked(
        "Minutes of the last review of security risks, with the list of who took part.",
        "noor",
        "IS.d",
        days_ago=5,
        due_in=9,
    ),
    Asked(
        "The list of who attended the training on the new processes, Utrecht and Brno.",
        "office",
        "CA.f",
        days_ago=6,
        due_in=12,
    ),
    Asked(
        "The carrier contract with its exit clauses.",
        "sanne",
        "SU.d",
        days_ago=15,
        due_in=5,
        state=RequestState.CANCELLED,
        words="Legal sends the two contracts itself once they are signed.",
    ),
    Asked(
        "The report on service levels that the four companies got last month.",
        "carla",
        "SR.b",
        days_ago=20,
        due_in=-6,
        file="service-level-report.txt",
        state=RequestState.ACCEPTED,
    ),
)


def add_requests_story(
    script: Script,
    project: Project,
    users: Mapping[str, User],
    parties: Mapping[str, Party],
    start: date,
    today: date,
) -> None:
    """Put the requests into the script. Groups have no account: for them nobody gives anything here."""
    for asked in STORY:
        at = (today - start).days - asked.days_ago
        script.add(in_week(start, 0, at, 10), _ask, project, users["manager"], parties, asked)
        if asked.file:
            script.add(in_week(start, 0, at + 3, 14), _give, project, users[asked.of], asked)
        if asked.words or asked.state == RequestState.ACCEPTED:
            script.add(in_week(start, 0, at + 4, 9), _settle, project, users["manager"], asked)


def _ask(project: Project, manager: User, parties: Mapping[str, Party], asked: Asked) -> None:
    ask_for_evidence(
        acting_user=manager,
        project=project,
        text=asked.text,
        asked_of=parties[asked.of],
        due=clock.now().date() + timedelta(days=asked.days_ago + asked.due_in),
        activity=ProjectActivity.objects.get(project=project, ref=asked.ref),
    )


def _give(project: Project, user: User, asked: Asked) -> None:
    body = f"{asked.text}\n\nTaken on {clock.now():%d %B %Y} from the tool that it is kept in.\n".encode()
    item = add_evidence(
        acting_user=user,
        project=project,
        content=FileIn(files.receive([body], most=10**6), asked.file),
        facts=Facts(
            title=asked.file.removesuffix(".txt").replace("-", " ").capitalize(),
            owner=Party.objects.get(project=project, user=user),
        ),
    )
    give_evidence(acting_user=user, request=_of(project, asked), item_keys=[item.key])


def _settle(project: Project, manager: User, asked: Asked) -> None:
    request = _of(project, asked)
    settle_request(acting_user=manager, request=request, version=request.version, state=asked.state, words=asked.words)


def _of(project: Project, asked: Asked) -> EvidenceRequest:
    request = EvidenceRequest.objects.get(project=project, text=asked.text)
    request.project = project
    return request
