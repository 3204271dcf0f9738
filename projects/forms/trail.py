"""What the address of the trail page asks for, read strictly."""

from django.core.exceptions import BadRequest
from django.http import QueryDict

from common.query import choice, day, read_query, whole_number
from projects.selectors.trail import SYSTEM, TrailChoices, TrailQuery

FILTERS = ("person", "kind", "action", "q", "from", "until", "mine")
PLACES = ("before", "after")


def read_trail_query(query: QueryDict, choices: TrailChoices) -> TrailQuery:
    """The query of an address. Raises BadRequest for what the page does not know.

    A kind or act that the trail does not hold yet is no error: a link to it simply finds nothing.
    """
    values, _lists = read_query(query, single=(*FILTERS, *PLACES))
    person = values["person"]
    if person and person != SYSTEM:
        whole_number("person", person)
        choice("person", person, {one.value for one in choices.people})
    before, after = whole_number("before", values["before"]), whole_number("after", values["after"])
    if before is not None and after is not None:
        raise BadRequest("give before or after, not both")
    return TrailQuery(
        person=person,
        kind=values["kind"],
        action=values["action"],
        text=values["q"],
        since=day("from", values["from"]),
        until=day("until", values["until"]),
        mine=bool(choice("mine", values["mine"], {"1"})),
        before=before,
        after=after,
    )
