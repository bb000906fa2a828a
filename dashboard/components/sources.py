"""Who says so: sources in words."""

from collections.abc import Sequence

from dashboard import public_data
from dashboard.components import markup
from dashboard.components.here import here
from dashboard.i18n import _, iso
from dashboard.public_data import Source


def sources_in_words(sources: Sequence[Source]) -> str:
    """'Source: EFF Atlas of Surveillance, 2020-10-07, CC BY 4.0.' as HTML; many are counted and pointed to."""
    if here().release.is_simulated:
        return markup.escaped(_("Porchlight simulation. No agency and no resident in it exists."))
    if not sources:
        return markup.escaped(_("Sources: each row names its own; see Data and methods."))
    if len(sources) > 3:
        many = _("Sources: {count} pages and documents; Data and methods names each.")
        return markup.escaped(many.format(count=len(sources)))
    told = []
    for source in sources:
        dated = iso(source.published_on, source.published_precision)
        parts = [markup.anchor(source.title or source.publisher, source.url)]
        parts += [markup.escaped(part) for part in (source.publisher, dated, source.licence) if part]
        told.append(", ".join(dict.fromkeys(parts)))
    return _("Source: {sources}.").format(sources="; ".join(told))


def named_sources(source_ids: Sequence[str]) -> list[Source]:
    """The sources of those ids, in the order of first mention."""
    found = [public_data.source_named(here().release, source_id) for source_id in dict.fromkeys(source_ids)]
    return [source for source in found if source is not None]
