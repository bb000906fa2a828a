"""What an agency's written name says: its state, its base name and its kind. Compares names; knows no agency.

"Charlotte/Mecklenburg Police Dept." and "Charlotte-Mecklenburg NC PD" have one base: "charlotte mecklenburg".
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH",
    "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND",
    "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI",
    "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
CODES = frozenset(STATES.values())

# The endings of ids, in the manner of the curated ones: us-nc-mint-hill-pd.
SUFFIXES = {
    "municipal_police": "pd",
    "sheriff": "so",
    "state_police": "sp",
    "campus": "cp",
    "fire": "fd",
    "district_attorney": "da",
    "other": "other",
}

LONG_FORMS = {"twp": "township", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "boro": "borough",
              "cnty": "county", "univ": "university", "dept": "department", "const": "constable",
              "saftey": "safety", "sfty": "safety", "prsh": "parish"}  # fmt: skip
# "St" and "Mt" are saints and mountains only in front of another word.
ONLY_IN_FRONT = frozenset({"st", "ste", "mt", "ft"})

POINTS = {"n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south"}

OFFICE = r"(?:department|division|bureau|office|agency|service|services|force|unit)"
PROSECUTOR = r"district attorneys?|prosecut(?:or|ors|ing attorneys?)|states attorneys?|da$"
# In this order: a more telling word comes first. What matches is cut from the name, what is left is the base.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("fire", rf"\b(?:fire(?: and)? rescue|fire marshals?|fire arson|arson|fire|fd$)(?: {OFFICE}| and rescue)*\b"),
        ("sheriff", rf"\b(?:sheriffs?|cso|so$|(?<=county )sd$)\b(?: {OFFICE})?|\b{OFFICE} of sheriff\b"),
        ("state_police", rf"\b(?:state (?:police|patrol|troopers)|highway patrol)\b(?: {OFFICE})?"),
        ("district_attorney", rf"\b(?:{PROSECUTOR})\b(?: {OFFICE})?"),
        (
            "municipal_police",
            rf"\b{OFFICE} of (?:police|public safety)\b(?: services)?"
            rf"|\b(?:police(?: and fire)?|public safety|pd|dps)\b(?: {OFFICE})?",
        ),
    )
)
CAMPUS = re.compile(
    r"\b(?:university|college|campus|isd|cisd|schools?|polytechnic|institute of technology)\b"
    r"(?! (?:park|place|station|heights|city))"
)
# Towns, not campuses.
COLLEGE_TOWNS = frozenset({"state college", "college"})
OTHER = re.compile(
    r"\b(?:constables?|marshals?|airport|hospital|medical center|transit|railroad|tribal|tribe|port authority|"
    r"park district|forest preserve|task force|hidta|homeland security)\b"
)
RANK = re.compile(r"\b(?:(town|village|borough|township|county|parish) of|city of(?! industry)) (.+)")
# Words at the end that one source writes and another leaves out; two such names are near, not the same.
LOOSE_END = re.compile(
    r" (?:city|town|township|charter township|village|borough|municipal|metropolitan|metro|regional)$"
)


class AgencyName(NamedTuple):
    """What a written name says. `state` and `kind` are None where the name does not tell."""

    state: str | None
    base: str
    kind: str | None


def clean(text: str | None) -> str:
    """The text without invisible marks, with plain quotes and single spaces. "Sheriff?s" is a quote lost on the way."""
    plain = text or ""
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
        plain = "".join(" " if char.isspace() else char for char in plain if unicodedata.category(char) != "Cf")
    plain = re.sub(r"[‘’ʼ`´]|(?<=[a-z])\?(?=s\b)", "'", plain)
    return " ".join(plain.split())


@cache
def words(text: str | None) -> str:
    """Lower-case words without accents and punctuation, abbreviations written out.

    "St. John's Twp" -> "saint johns township".
    """
    plain = unicodedata.normalize("NFKD", clean(text)).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['.]", "", plain.replace("&", " and "))
    found = re.sub(r"[^a-z0-9]+", " ", plain).split()
    if len(found) > 1 and found[0] in POINTS:
        found[0] = POINTS[found[0]]
    last = len(found) - 1
    long = [
        word if word in ONLY_IN_FRONT and place == last else LONG_FORMS.get(word, word)
        for place, word in enumerate(found)
    ]
    return " ".join(long)


def key(text: str | None) -> str:
    """`words` without spaces, for comparing: "LaGrange" and "La Grange" are one place."""
    return words(text).replace(" ", "")


def state_code(text: str | None) -> str | None:
    """The two-letter code of a state written as a code or spelled out; None for anything else."""
    plain = clean(text)
    return plain.upper() if plain.upper() in CODES else STATES.get(words(plain))


@cache
def parse_agency_name(text: str) -> AgencyName:
    """The state, base and kind that a written name tells.

    "Hendricks County IN SO" -> ("IN", "hendricks county", "sheriff"). What stands in brackets is left out.
    """
    state, rest = _cut_state(clean(text))
    base = re.sub(r"^the (?=(?:city|town|village|borough|township|county) of )", "", words(rest))
    kind: str | None = None
    for named, pattern in KINDS:
        found = list(pattern.finditer(base))
        if not found or (named == "fire" and "police" in base.split()):
            continue
        kind, last = named, found[-1]
        left = f"{base[: last.start()]} {'county ' if last.group() == 'cso' else ''}{base[last.end() :]}"
        base = " ".join(left.split()) or base
        break
    base = re.sub(r" co$", " county", base)
    if kind in (None, "municipal_police") and CAMPUS.search(base) and base not in COLLEGE_TOWNS:
        kind = "campus"
    elif kind in (None, "municipal_police") and OTHER.search(base):
        kind = "other"
    elif kind == "municipal_police" and base in STATES and "public safety" in words(rest):
        kind = "state_police"
    return AgencyName(state, _ranked(base), kind)


# A state's code in brackets; else, without what stands in brackets, at the end, in front of a dash, or before the kind.
BRACKETED_STATE = re.compile(r"\(([A-Z]{2})\)")
PLAIN_STATE = (
    # SD is South Dakota, but a sheriff's department after another state's code.
    re.compile(r" ([A-Z]{2})(?= SD$)"),
    re.compile(r",? ([A-Z]{2})$"),
    re.compile(r"^([A-Z]{2}) -"),
    re.compile(
        r",? ([A-Z]{2})(?= (?:PD|SO|SD|DA|DPS|FD|Police|Sheriff|Public Safety|Department|Dept|Division|Prosecut|"
        r"District Att|State'?s Att|Constable|Const|Marshal|Fire|Arson|Regional|Metro)\b)"
    ),
)


def _cut_state(text: str) -> tuple[str | None, str]:
    """The state's code in a name, and the name without it and without brackets."""
    bare = " ".join(re.sub(r"\([^)]*\)", " ", text).split())
    for found in BRACKETED_STATE.finditer(text):
        if found.group(1) in CODES:
            return found.group(1), bare
    for pattern in PLAIN_STATE:
        for found in pattern.finditer(bare):
            if found.group(1) in CODES:
                return found.group(1), f"{bare[: found.start()]} {bare[found.end() :]}"
    return None, bare


def _ranked(base: str) -> str:
    """ "town of madison" -> "madison town"; a city's rank is left out."""
    found = RANK.match(base)
    if not found:
        return base
    rank, name = found.groups()
    return name if not rank or name.endswith(f" {rank}") else f"{name} {rank}"


def agency_key(base: str, kind: str) -> str:
    """What two names of one agency share within a state and kind. A sheriff's county need not be called a county."""
    if kind == "sheriff":
        base = re.sub(r" (?:county|parish|borough)$", "", base)
    return key(base)


def loose_key(base: str) -> str:
    """A wider key, for finding names that look alike; never enough to make two agencies one."""
    base = base.removeprefix("the ")
    while (shorter := LOOSE_END.sub("", base)) != base:
        base = shorter
    return key(base)


def slug(base: str) -> str:
    """The part of an id that names the agency: "saint louis park" -> "st-louis-park"."""
    return re.sub(r"\bsaint-", "st-", words(base).replace(" ", "-"))


def county_key(text: str | None) -> str:
    """For comparing counties: "LaSalle County", "La Salle"; "Norfolk (city) County" and "Norfolk city" stay cities."""
    plain = words(text)
    plain = re.sub(r" (?:county|parish|borough|census area|municipality)$", "", plain)
    return plain.replace(" ", "")
