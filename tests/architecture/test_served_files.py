"""Templates, styles and content hold to the content security policy and to their formats."""

import re
from html.parser import HTMLParser

import yaml

from scripts.source_files import ROOT, source_files

_DJANGO_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_COMMENT_BLOCK = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
_DATA_URL = re.compile(r"url\(\s*['\"]?data:", re.IGNORECASE)
_OTHER_HOST = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_LOADS = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src", "use": "href"}


class _InlineFinder(HTMLParser):
    """Collects what a strict policy refuses: inline script and style, event handlers, files of other hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        line = self.getpos()[0]
        if tag == "style" or (tag == "script" and "src" not in attributes):
            self.found.append(f"{line}: <{tag}>")
        self.found += [f"{line}: {name}=" for name in attributes if name == "style" or re.fullmatch(r"on[a-z]+", name)]
        self.found += [f"{line}: {name}=" for name in attributes if name.startswith(("hx-on", "hx-vals-js"))]
        address = attributes.get(_LOADS.get(tag, "")) or ""
        if _OTHER_HOST.match(address) or address.startswith("data:"):
            self.found.append(f"{line}: <{tag}> loads {address[:40]}")


def _blanked(match: re.Match[str]) -> str:
    """Blanks with the same line breaks, so that what is found keeps its line number."""
    return re.sub(r"[^\n]", " ", match.group())


def inline_parts(template: str) -> list[str]:
    """Name what a template holds against the policy, with line numbers; Django's own tags are left out."""
    html = _DJANGO_TAG.sub(_blanked, _COMMENT_BLOCK.sub(_blanked, template))
    finder = _InlineFinder()
    finder.feed(html)
    finder.close()
    return finder.found


def test_the_finder_finds_what_the_policy_refuses():
    template = """<p style="color: red" onclick="go()">{% if a %}{{ b }}{% endif %}</p>
<script>go()</script><script src="{% static 'a.js' %}"></script><style>p {}</style>
<div data-style="x" hx-on:click="go()"></div><img src="//example.org/a.png">"""

    assert inline_parts(template) == [
        "1: style=",
        "1: onclick=",
        "2: <script>",
        "2: <style>",
        "3: hx-on:click=",
        "3: <img> loads //example.org/a.png",
    ]


def test_templates_hold_nothing_inline():
    found = {
        str(path.relative_to(ROOT)): parts
        for path in source_files(".html")
        if path.relative_to(ROOT).parts[0] not in {"docs", "tests", "static"}
        and (parts := inline_parts(path.read_text(encoding="utf-8")))
    }
    # A mail program fetches no file of ours: the frame of mails alone holds its styles. No page is served from it.
    frame = found.pop("templates/email/base.html")

    assert [part.partition(": ")[2] for part in frame] == ["<style>"]
    assert found == {}


def test_styles_hold_no_data_urls():
    found = [
        str(path.relative_to(ROOT))
        for path in source_files(".css", under="static/")
        if _DATA_URL.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_yaml_file_can_be_read():
    broken = {}
    for path in source_files(".yaml", ".yml", under="fixtures/"):
        try:
            yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            broken[str(path.relative_to(ROOT))] = str(error)

    assert broken == {}


_BLOCK = re.compile(r"{%\s*block (\w+)\s*%}(.*?){%\s*endblock\b", re.DOTALL)
_MADE = re.compile(r"{%\s*(?:url|querystring)\b[^%]*?\bas (\w+)\s*%}")


def _used_beyond_its_block(text: str) -> list[str]:
    """Names of addresses that one block makes and another block writes out: there they are empty."""
    found = []
    for name, body in _BLOCK.findall(text):
        others = [other for key, other in _BLOCK.findall(text) if (key, other) != (name, body)]
        for made in _MADE.findall(body):
            used = re.compile(rf"{{{{\s*{made}\s*[|}}]")
            makes = re.compile(rf"\b(?:as|asvar) {made}\b")
            found += [f"{name}: {made}" for other in others if used.search(other) and not makes.search(other)]
    return found


def test_an_address_is_written_out_in_the_block_that_makes_it() -> None:
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in source_files(".html", under="templates/")
        if (found := _used_beyond_its_block(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}


def test_an_address_that_another_block_makes_is_found() -> None:
    text = '{% block a %}{% url "x" as back %}{% endblock %}{% block b %}<a href="{{ back }}">{% endblock b %}'
    assert _used_beyond_its_block(text) == ["a: back"]
    assert _used_beyond_its_block(text.replace("{% block b %}", '{% block b %}{% url "x" as back %}')) == []
