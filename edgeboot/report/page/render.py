"""The page as HTML: one file, its style and script inside, and a policy that allows no others."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from edgeboot.base.paths import shown
from edgeboot.report.page.content import Content, content
from edgeboot.report.page.material import Material
from edgeboot.report.secrets import without_secrets
from edgeboot.report.values import visible

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STYLES: Final = ("page.css", "storm.css")


def page(material: Material) -> str:
    """The whole page of a run."""
    return render(content(material))


def render(shown_content: Content) -> str:
    """The page with this content."""
    return rendered("report.html.j2", page=shown_content)


def rendered(template: str, **values: object) -> str:
    """A template of this package, with style, script and the policy that allows no others."""
    style, script = "\n".join(map(inline, _STYLES)), inline("page.js")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    environment.filters["path"] = lambda text: shown(Path(text))
    environment.filters["drawing"] = lambda text: Markup(visible(text))  # noqa: S704 - ElementTree has escaped it
    html = environment.get_template(template).render(
        **values,
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
    )
    return without_secrets(html)


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing is loaded; this style, this script and own pictures count."""
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _seen(value: object) -> object:
    """What the templates print: texts without hidden characters."""
    return visible(value) if type(value) is str else value


def inline(name: str) -> str:
    """A file of this package, without the white space at the ends of its lines."""
    return re.sub(r"\s*\n\s*", "\n", (_TEMPLATES / name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
