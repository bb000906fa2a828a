"""The second net behind the list of columns: patterns of personal data, as SQL conditions over text columns.

A hit names the column and the kind, never the value. The net is meant to catch what slips into a column of ids or
names; it cannot promise to find everything, which is why there are no columns for it in the first place.
"""

from etl.catalog import TextKind

EDGE = r"(?:^|[^0-9A-Za-z])"
END = r"(?:$|[^0-9A-Za-z])"
STREET = (
    "st|street|ave|avenue|av|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|cir|circle|way|pl|place|ter|terrace|"
    "pkwy|parkway|hwy|highway|trl|trail|loop|sq|square"
)
OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"

# Every pattern is read without regard to case and runs in linear time (RE2): no look-around, no back references.
E_MAIL = r"[^\s@,;:]+ ?(?:@|\(at\)|\[at\]) ?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\.| ?\(dot\) ?)[a-z]{2,}"
PHONE = "|".join(
    (
        # Ten digits count only when written as a phone number is: 2019004512 is a case number.
        r"(?:^|[^0-9])(?:\+?1[ ./-]?)?\(?[2-9][0-9]{2}\)?[ ./-] ?[2-9][0-9]{2}[ ./-][0-9]{4}(?:$|[^0-9])",
        r"\([2-9][0-9]{2}\) ?[0-9]{3}[ .-]?[0-9]{4}",
        r"\+[0-9]{1,3}[ .-]?\(?[0-9]{2,4}\)?(?:[ .-]?[0-9]{3,4}){2}(?:$|[^0-9])",
        EDGE + r"(?:tel|phone|cell|mobile|call|text)[ .:#_-]*\(?[0-9]{3}\)?[ .-]?[0-9]{3,4}",
    )
)
PATTERNS: dict[str, str] = {
    "an e-mail address": E_MAIL,
    "a phone number": PHONE,
    "a street address": "|".join(
        (
            EDGE + r"[0-9]{1,6}[a-z]?[ ,_-]+(?:[0-9a-z.']+[ ,_-]+){1,4}?(?:" + STREET + r")\.?" + END,
            EDGE + r"[0-9]{1,6}[ _-]+block" + END,
            EDGE + r"(?:apt|apartment|unit|suite)[ .#_-]*[0-9]+[a-z]?" + END,
            EDGE + r"p\.? ?o\.? ?box[ #_-]*[0-9]+",
        )
    ),
    "coordinates finer than 3 decimals": r"(?:^|[^0-9.])-?[0-9]{1,3}\.[0-9]{4,}(?:$|[^0-9.])|[0-9]{1,3} ?°",
    "an IP address": "|".join(
        (
            r"(?:^|[^0-9.])(?:" + OCTET + r"\.){3}" + OCTET + r"(?:$|[^0-9.])",
            r"(?:^|[^0-9a-f:])(?:[0-9a-f]{1,4}:){3,7}(?::|[0-9a-f]{1,4})",
        )
    ),
    "a device id": "|".join(
        (
            r"(?:^|[^0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?:$|[^0-9a-f])",
            r"(?:^|[^0-9])[0-9]{15}(?:$|[^0-9])",
            EDGE + r"(?:serial|imei|s/n|sn|mac|device|camera)[ .:#_-]*(?:no|number|id)?[ .:#_-]*[0-9a-z-]*[0-9]{4}",
        )
    ),
    "a date of birth": "|".join(
        (
            EDGE + r"(?:dob|d\.o\.b|born|birthdate|birthday|date of birth)" + END,
            r"(?:^|[^0-9])[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)[0-9]{2}(?:$|[^0-9])",
            # Requests began in 2018; a full date of an earlier century or decade in an id belongs to a person.
            r"(?:^|[^0-9])(?:19[0-9]{2}|200[0-9])-(?:0[1-9]|1[0-2])-[0-3][0-9](?:$|[^0-9])",
        )
    ),
    "a licence plate": EDGE + r"(?:plate|licen[cs]e|lic|tag)[ .:#_-]*(?:no|number|plate)?[ .:#_-]*"
    r"(?:[a-z]{1,3}[ -]?[0-9]{2,4}|[0-9]{1,3}[ -]?[a-z]{2,3}[ -]?[0-9]{0,4})" + END,
    "a social security number": r"(?:^|[^0-9])[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?:$|[^0-9])",
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
