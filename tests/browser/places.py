"""Where the suite goes: every page of every world, in every language, on a desk and on a phone."""

import os
from dataclasses import dataclass

from tests.browser import offered
from tests.browser.site import Site

DESK, PHONE = 1280, 390
HEIGHT = {DESK: 900, PHONE: 844}


@dataclass(frozen=True)
class Place:
    """A view of a page of a world, in a language, on a screen."""

    world: str
    page: offered.Page
    language: str = "en"
    width: int = DESK
    theme: str = "light"
    view: str = ""

    def __str__(self) -> str:
        name = f"{self.page.name}-{self.view}" if self.view else self.page.name
        return f"{self.world}-{name}-{self.language}-{self.width}-{self.theme}"

    @property
    def edition(self) -> str:
        """record or demo."""
        return "demo" if self.world == "demo" else "record"

    def query(self, site: Site) -> dict[str, str]:
        """The parameters of the address."""
        frame = {"edition": self.edition, "lang": self.language}
        usual = {"edition": "record", "lang": "en"}
        return {name: value for name, value in frame.items() if value != usual[name]} | self._picks(site)

    def _picks(self, site: Site) -> dict[str, str]:
        if self.view == "picked":
            best = DOCUMENTED[self.edition]
            first, second = (agency_id for (agency_id,) in site.ask(self.edition, f"{best} limit 2"))
            return {"agency": first} if self.page.name == "agency" else {"agencies": f"{first},{second}"}
        return {"section": self.view} if self.view else {}


# The agencies of which most is known, by edition.
DOCUMENTED = {
    "demo": "select agency_id from consent_blocks group by agency_id order by sum(asked) desc, agency_id",
    "record": "select agency_id from published_counts group by agency_id order by count(*) desc, agency_id",
}

# What `make test` visits: every page of both editions at both widths, and some of what is added below. The two widths
# of a page stand side by side: the page is opened once and its window made narrow. They come last of their page,
# which stays open for the tests that only read it.
USUAL = [
    *(Place("demo", offered.PAGE[name], "es", PHONE) for name in ("overview", "consent")),
    *(Place("demo", offered.PAGE[name], width=PHONE, view="picked") for name in ("agency", "compare")),
    *(
        Place(world, page, width=width)
        for world in ("record", "demo")
        for page in offered.PAGES
        for width in (DESK, PHONE)
    ),
    Place("joined", offered.PAGE["participation"]),
]
# What `make test-browser` visits: all languages, the dark theme, pages with something picked, each section, the Atlas.
EVERYTHING = [
    *(
        Place(world, page, language, width)
        for world in ("record", "demo")
        for page in offered.PAGES
        for language in offered.LANGUAGES_OFFERED
        for width in (DESK, PHONE)
    ),
    *(Place(world, page, theme="dark") for world in ("record", "demo") for page in offered.PAGES),
    *(
        Place(world, offered.PAGE[name], width=width, view="picked")
        for world in ("record", "demo")
        for name in ("agency", "compare")
        for width in (DESK, PHONE)
    ),
    *(
        Place("demo", offered.PAGE["data_and_methods"], width=width, view=section)
        for section in offered.sections()
        for width in (DESK, PHONE)
    ),
    *(Place("joined", page, width=width) for page in offered.PAGES for width in (DESK, PHONE)),
]
EVERYWHERE = os.environ.get("BROWSER_PLACES") == "all"
PLACES = EVERYTHING if EVERYWHERE else USUAL
