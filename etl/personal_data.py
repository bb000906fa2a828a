"""The second net behind the list of columns: patterns of personal data, as SQL conditions over text columns.

A hit names the column and the kind, never the value. The net is meant to catch what slips into a column of ids or
names; it cannot promise to find everything, which is why there are no columns for it in the first place.
"""

from etl.catalog import TextKind

EDGE = r"(?:^|[^0-9A-Za-z])"
END = r"(?:$|[^0-9A-Za-z])"
# Between the parts of a word or number: an id has no room for spaces, so dashes and underscores stand for them.
GAP = r"[ ,_-]+"
STREET = (
    "st|street|ave|avenue|av|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|cir|circle|way|pl|place|ter|terrace|"
    "pkwy|parkway|hwy|highway|trl|trail|loop|sq|square"
)
OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
# Requests began in 2018, the record in 2015: a full date of an earlier year belongs to a person.
BIRTH_YEAR = "(?:19[0-9]{2}|200[0-9]|201[0-4])"
NUMBER_WORD = r"[ .:#_-]*(?:no|number|id)?[ .:#_-]*"
# Twelve hexadecimal digits of which one at least is a letter: twelve figures alone are a case number.
BARE_MAC = "|".join(f"[0-9]{{{at}}}[a-f][0-9a-f]{{{11 - at}}}" for at in range(12))

# Every pattern is read without regard to case and runs in linear time (RE2): no look-around, no back references.
E_MAIL = "|".join(
    (
        r"[^\s@,;:]+ ?(?:@|%40|\(at\)|\[at\]) ?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\.| ?[(\[]?dot[)\]]? ?)[a-z]{2,}",
        r"[a-z0-9._%+-]{2,}@[a-z0-9-]{2,}",
        r"[a-z0-9]+[ _-]at[ _-][a-z0-9-]+[ _-]dot[ _-][a-z]{2,}",
        # "look at example.com" is prose; a word with a dot inside before the "at" is somebody's name.
        r"[a-z0-9]+[._][a-z0-9]+ at [a-z0-9-]+\.[a-z]{2,}",
    )
)
PHONE = "|".join(
    (
        # Ten digits count only when written as a phone number is: 2019004512 is a case number.
        r"(?:^|[^0-9])(?:\+?1[ ./-]?)?\(?[2-9][0-9]{2}\)?[ ./-] ?[2-9][0-9]{2}[ ./-][0-9]{4}(?:$|[^0-9])",
        r"\([2-9][0-9]{2}\) ?[0-9]{3}[ .-]?[0-9]{4}",
        r"\+[0-9]{1,3}[ .-]?\(?[0-9]{2,4}\)?(?:[ .-]?[0-9]{3,4}){2}(?:$|[^0-9])",
        EDGE + r"(?:tel|phone|ph|cell|mobile|call|text)[ .:#_-]*\(?[0-9]{3}\)?[ .-]?[0-9]{3,4}",
    )
)
PATTERNS: dict[str, str] = {
    "an e-mail address": E_MAIL,
    "a phone number": PHONE,
    "a street address": "|".join(
        (
            EDGE + r"[0-9]{1,6}[a-z]?[ ,_-]+(?:[0-9a-z.']+[ ,_-]+){1,4}?(?:" + STREET + r")\.?" + END,
            EDGE + "[0-9]{1,6}" + GAP + "(?:calle|callej[oó]n|avenida|avda|camino|paseo|rue)" + GAP,
            EDGE + "[0-9]{2,6}" + GAP + "broadway" + END,
            EDGE + r"[0-9]{1,6}[ _-]+bl(?:oc)?k" + END,
            EDGE + r"(?:apt|apartment)[ .#_-]*[0-9]+[a-z]?" + END,
            # "Unit 4" alone is a police unit or a fire district.
            EDGE + "[0-9]{1,6}" + GAP + r"[^,]{2,40}[ ,_-](?:unit|suite|ste)[ .#_-]*[0-9]+[a-z]?" + END,
            EDGE + "(?:house|home|residence|addr|address)[ .:#_-]*[0-9]{2,}",
            EDGE + r"p\.? ?o\.? ?box[ #_-]*[0-9]+",
            # Where two streets meet.
            EDGE + "corner" + GAP + "of" + GAP,
            "[a-z]"
            + GAP
            + "(?:and|&|y)"
            + GAP
            + "(?:[0-9a-z]+"
            + GAP
            + "){1,2}(?:st|street|ave|avenue|rd|road|blvd)"
            + END,
        )
    ),
    "coordinates finer than 3 decimals": "|".join(
        (
            r"(?:^|[^0-9.])-?[0-9]{1,3}\.[0-9]{4,}(?:$|[^0-9.])",
            r"(?:^|[^0-9.,])-?[0-9]{1,3},[0-9]{4,}(?:$|[^0-9])",
            "[0-9]{1,3} ?°",
            "(?:^|[^0-9])[0-9]{1,3} ?(?:d|deg)[ _-]?[0-9]{1,2} ?(?:'|m|min)",
            r"(?:^|[^0-9])[0-9]{1,3}[ -][0-9]{1,2}[ -][0-9]{1,2}(?:\.[0-9]+)?[nsew]" + END,
            # An open location code, such as 867X5F8Q+2V.
            EDGE + r"[2-9cfghjmpqrvwx]{4,8}\+[2-9cfghjmpqrvwx]{2,3}" + END,
        )
    ),
    "an IP address": "|".join(
        (
            r"(?:^|[^0-9.])(?:" + OCTET + r"\.){3}" + OCTET + r"(?:$|[^0-9.])",
            EDGE + "ip[ :_-]*(?:" + OCTET + "-){3}" + OCTET + "(?:$|[^0-9-])",
            r"(?:^|[^0-9a-f:])(?:[0-9a-f]{1,4}:){3,7}(?::|[0-9a-f]{1,4})",
            "(?:^|[^0-9a-z:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}",
        )
    ),
    "a device id": "|".join(
        (
            r"(?:^|[^0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?:$|[^0-9a-f])",
            EDGE + r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}" + END,
            "(?:^|[^0-9a-z-])(?:" + BARE_MAC + ")(?:$|[^0-9a-z-])",
            r"(?:^|[^0-9])[0-9]{15}(?:$|[^0-9])",
            EDGE + "(?:serial|imei|udid|s/n|sn|mac)" + NUMBER_WORD + "[0-9a-z-]*[0-9]{4}",
            # camera-registry-2019 is a program and a year: the number must follow the word.
            EDGE
            + "(?:device|dev|camera|cam|doorbell)"
            + NUMBER_WORD
            + "(?:[a-z]{0,4}[0-9]{4}|[a-f]{0,3}[0-9][0-9a-f]{3})",
        )
    ),
    "a date of birth": "|".join(
        (
            EDGE + r"(?:dob|d\.o\.b|birth[ _-]?(?:date|day|year)|(?:date|year)[ _-]of[ _-]birth|nacimiento)" + END,
            EDGE + "(?:born|nacid[oa])[^0-9]{1,8}[0-9]",
            EDGE + "(?:age|aged|edad)[ .:_-]*[0-9]{1,3}" + END,
            r"(?:^|[^0-9])[0-9]{1,2}[/.-][0-9]{1,2}[/.-]" + BIRTH_YEAR + r"(?:$|[^0-9])",
            "(?:^|[^0-9])" + BIRTH_YEAR + "-(?:0[1-9]|1[0-2])-[0-3][0-9](?:$|[^0-9])",
        )
    ),
    "a licence plate": "|".join(
        (
            EDGE + "(?:plate|placa|licen[cs]e|lic|lp|tag)[ .:#_-]*(?:no|number|plate)?[ .:#_-]*"
            "(?:[a-z]{1,3}[ -]?[0-9]{2,4}|[0-9]{1,3}[ -]?[a-z]{2,3}[ -]?[0-9]{0,4})" + END,
            # The number of a vehicle: 17 characters without I, O and Q that end in four figures.
            EDGE + "(?:vin[ .:#_-]*)?[0-9a-hj-npr-z][a-hj-npr-z][0-9a-hj-npr-z]{11}[0-9]{4}" + END,
        )
    ),
    "a social security number": "|".join(
        (
            r"(?:^|[^0-9])[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?:$|[^0-9])",
            EDGE + "(?:ssn|social security)[^0-9]{0,8}[0-9]{3}",
        )
    ),
}
FREE_TEXT: dict[TextKind, str] = {"id": r"(?:\S+\s+){3}\S", "name": r"(?:\S+\s+){12}\S"}
PROSE = ("an e-mail address", "a phone number")


def kinds(text: TextKind) -> dict[str, str]:
    """Kind of personal data -> pattern, for a column of that text kind."""
    if text == "prose":
        return {kind: PATTERNS[kind] for kind in PROSE}
    return {**PATTERNS, "free text": FREE_TEXT[text]}


def hit(expression: str, pattern: str) -> str:
    """SQL condition: the text holds the pattern. `expression` is a column of ours, never text from a file."""
    quoted = pattern.replace("'", "''")
    return f"regexp_matches({expression}, '(?i){quoted}')"


def any_hit(expression: str, text: TextKind) -> str:
    """SQL condition: the text holds any of the patterns, in one pass."""
    return hit(expression, "|".join(f"(?:{pattern})" for pattern in kinds(text).values()))
