"""Buttons that save a chart as a picture. The browser makes it from what it has drawn (picture.js): no server, no host.

What a picture must carry when it leaves the page stands beside the buttons: finding, definition, source, release, day.
"""

from collections.abc import Mapping

from dashboard.components import downloads
from dashboard.components.here import here
from dashboard.components.markup import escaped
from dashboard.components.part import Part
from dashboard.i18n import _, day

KINDS = ("PNG", "SVG")


def buttons(part: Part, *, name: str, definition: str, source: str, cited: str) -> str:
    """HTML of the buttons for the charts of a part. `name` is the file's; all words are plain text."""
    release = here().release
    says: Mapping[str, str] = {
        "charts": " ".join(part.charts),
        "title": part.finding,
        "alt": " ".join(part.alts),
        "lede": part.lede,
        "definition": definition,
        "source": source,
        "cite": _("Published {day}. {citation}").format(citation=cited, day=day(release.released_on)),
        "mark": _("SIMULATED: every agency and every number is invented.") if release.is_simulated else "",
        "file": downloads.file_name(release, here().path or "overview", name, ending=""),
    }
    data = "".join(f' data-{key}="{escaped(value)}"' for key, value in says.items() if value)
    pressed = "".join(
        f'<button type="button" data-kind="{kind.lower()}" aria-label="{_("{kind} picture").format(kind=kind)}">'
        f"{kind}</button>"
        for kind in KINDS
    )
    return f'<span class="pl-picture"{data}>{pressed}</span>'
