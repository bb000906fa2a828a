"""What is being told now: the finding, the charts and the definition since the last head of a section.

Pictures, embedded charts and the projector are made of it, so that a page says each thing once.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Part:
    """A part of a page: its finding and how to read it, the keys of its charts, what they say, the definition."""

    finding: str = ""
    lede: str = ""
    definition: str = ""
    charts: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)


_part: ContextVar[Part] = ContextVar("part")


def begin(finding: str = "", lede: str = "") -> None:
    """A new part begins; the bold marks of its words are left out."""
    _part.set(Part(plain(finding), plain(lede)))


def part() -> Part:
    """The part that is being told."""
    return _part.get()


def plain(text: str) -> str:
    """Text without the stars that make words bold."""
    return text.replace("**", "")


def in_sentences(finding: str, numbers: str) -> str:
    """A chart for whoever does not see it: its finding, then its numbers, each once, as sentences without markup."""
    said, more = (plain(text).replace("\u00ad", "").strip(" .;:") for text in (finding, numbers))
    told = [more] if more.startswith(said) else [said, more]
    return " ".join(text if text.endswith(("?", "!")) else f"{text}." for text in told if text)
