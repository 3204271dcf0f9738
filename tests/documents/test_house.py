"""The house style of an organization, and the templates it brings along."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.paper.style import Accent
from documents.library import template_of
from documents.models import HouseStyle, OwnTemplate
from documents.selectors.style import style_of
from documents.services.house import StyleIn, change_template, offer_template, save_style
from documents.templates_of import offered_template, offered_templates
from scripts.source_files import ROOT
from tests.cast import Cast
from tests.documents.conftest import OWN, own_template

pytestmark = pytest.mark.django_db


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(out, "PNG")
    return out.getvalue()


def acts(cast: Cast) -> list[str]:
    rows = Event.objects.filter(stream_id=cast.alder.uuid, kind__in=("house style", "own template"))
    return list(rows.order_by("seq").values_list("action", flat=True))


def test_a_house_style_is_set_changed_and_told_once_each(cast: Cast) -> None:
    style = StyleIn("teal", "sans", "Alder IT", "HRB 1", png())
    asked = {"acting_user": cast.olga, "organization": cast.alder}
    assert save_style(**asked, version=0, style=style).version == 1
    assert save_style(**asked, version=1, style=style) is None
    with pytest.raises(StaleWrite):
        save_style(**asked, version=0, style=StyleIn("red", "sans"))
    assert (style_of(cast.alder).accent, style_of(cast.alder).logo) == ("teal", png())
    save_style(**asked, version=1, style=StyleIn("teal", "sans", "Alder IT", "HRB 1", b""))
    assert style_of(cast.alder).logo == b""
    assert acts(cast) == ["set", "set"]
    with pytest.raises(NotPermitted):
        save_style(acting_user=cast.mara, organization=cast.alder, version=2, style=style)


def test_the_swatches_are_the_colours_of_the_paper(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    html = client.get(reverse("house_style", args=[cast.alder.slug])).content.decode()
    assert [f"hs-{accent}" for accent in Accent.values] == re.findall(r'class="hs-swatch (hs-\w+)"', html)
    css = ROOT / "static" / "css"
    paper = re.findall(r"\.accent-(\w+) { --house: (#\w+);", (css / "paper-controlled.css").read_text())
    assert dict(re.findall(r"\.hs-(\w+) { background: (#\w+); }", (css / "documents-imports.css").read_text())) == dict(
        paper
    )


@pytest.mark.parametrize("logo", [b"", b"GIF89a nothing", b"<svg/>"])
def test_a_logo_that_cannot_be_printed_is_refused_and_the_rest_stays_typed(
    cast: Cast, client: Client, logo: bytes
) -> None:
    client.force_login(cast.olga)
    sent = {"version": 0, "accent": "rust", "typeface": "serif", "header": "Typed", "logo": io.BytesIO(logo)}
    answer = client.post(reverse("house_style", args=[cast.alder.slug]), sent)
    assert answer.status_code == 422
    assert "no PNG or JPEG picture" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()
    assert not HouseStyle.objects.exists()


def test_the_pages_show_the_style_and_its_sample(cast: Cast, client: Client) -> None:
    save_style(
        acting_user=cast.olga, organization=cast.alder, version=0, style=StyleIn("plum", "serif", "Head", "", png())
    )
    client.force_login(cast.mara)
    assert "Plum" in client.get(reverse("house_style", args=[cast.alder.slug])).content.decode()
    sample = client.get(reverse("house_style_sample", args=[cast.alder.slug])).content.decode()
    assert "accent-plum face-serif" in sample
    assert client.get(reverse("house_style_logo", args=[cast.alder.slug])).content == png()


def test_a_template_of_ones_own_is_offered_until_it_is_not(cast: Cast) -> None:
    row = own_template(cast, body="# Rule\n\n[[owner]] is called first.")
    found = offered_template(cast.alder, "on-call")
    assert (found.title, found.body) == ("On call", "## Rule\n\n[[owner]] is called first.\n")
    asked = {"acting_user": cast.olga, "organization": cast.alder, "key": row.key}
    change_template(**asked, version=1, front={**OWN, "review_months": 6}, body=found.body)
    with pytest.raises(StaleWrite):
        change_template(**asked, version=1, front={**OWN, "review_months": 3}, body=found.body)
    offer_template(**asked, version=2, is_offered=False)
    assert "on-call" not in offered_templates(cast.alder)
    assert acts(cast) == ["add", "change", "stop"]


@pytest.mark.parametrize(
    ("front", "body", "said"),
    [
        ({}, "## A\n\n[[nothing known]]", "is no place that can be filled"),
        ({}, "", "Write what it says"),
        ({"clauses_2018": ["x"]}, "## A", "no clause numbers"),
        ({"title": "Capacity plan"}, "## A", "Take that one over as a start"),
    ],
)
def test_what_the_library_would_refuse_is_refused(cast: Cast, front: dict, body: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        own_template(cast, body=body, **front)
    assert not OwnTemplate.objects.exists()


def test_one_of_the_library_is_taken_over_on_the_pages(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    address = f"{reverse('own_template_new', args=[cast.alder.slug])}?from=capacity-plan"
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"summary": "Ours."}
    assert client.post(address, sent).status_code == 302
    taken = offered_template(cast.alder, "capacity-plan")
    ours = template_of("capacity-plan")
    assert (taken.summary, taken.body, taken.activities) == ("Ours.", ours.body, ours.activities)
    page = client.get(reverse("own_templates", args=[cast.alder.slug])).content.decode()
    assert "Takes the place of the one in the library" in page
    one = reverse("own_template", args=[cast.alder.slug, "capacity-plan"])
    assert client.post(one, {"version": 1, "do": "stop"}).status_code == 302
    assert offered_template(cast.alder, "capacity-plan") == ours
