"""What the judge holds a release to, said again in its own words and numbers.

Nothing here is taken from the code that makes blocks: two readings of one rule catch what one reading misses.
"""

# What a reader may never learn of a set of people: asked must stay uncertain by this much, and both answers possible.
WIDTH_NEEDED = 5
MIX_NEEDED = 2

# When a set of requests may be published as it is.
ASKED_NEEDED = 10
ASKED_BEYOND_REQUESTS = 6
RANGES_FROM = 40
ONE_IN = 20
QUARTER_RESTS_DAYS = 60

# "Shared can reach 2" must be true of every range: its upper limit is at least RANGES_FROM // ONE_IN.
if RANGES_FROM // ONE_IN < MIX_NEEDED or ASKED_BEYOND_REQUESTS < WIDTH_NEEDED + 1:
    raise RuntimeError("The judge's own numbers do not fit together; see blocks.md, sections 2 and 3.")

CELL = ("quarter_start", "incident_category", "county_fips", "area")
UNIT = ("agency_id", "program_id", "regime_id")

# The columns that may hold counts of people, and nothing else may.
PEOPLE_COUNTS = frozenset(
    {
        ("consent_blocks", "asked"),
        ("consent_blocks", "responded"),
        ("consent_blocks", "shared_low"),
        ("consent_blocks", "shared_high"),
        ("published_counts", "value"),
        ("reported_totals", "value"),
    }
)

# Every other number of a release. A number that is in neither list is refused, whatever its name.
OTHER_NUMBERS = frozenset(
    {
        ("agencies", "latitude"),
        ("agencies", "longitude"),
        ("agencies", "population"),
        ("block_cells", "requests"),
        ("consent_blocks", "release_no"),
        ("consent_blocks", "requests"),
        ("dictionary", "position"),
        ("participation", "active"),
        ("participation", "joined"),
        ("participation", "left"),
        ("participation", "per_100k_residents"),
        ("participation", "share_of_agencies"),
        ("partnership_claims", "listings"),
        ("partnerships", "sources"),
        ("quarantine_reasons", "rows"),
        ("release", "release_no"),
        ("release_changes", "rows_added"),
        ("release_changes", "rows_before"),
        ("release_changes", "rows_now"),
        ("release_changes", "rows_removed"),
        ("request_counts", "requests"),
        ("request_counts", "requests_with_asked"),
        ("source_rows", "rows_accepted"),
        ("source_rows", "rows_quarantined"),
        ("source_rows", "rows_read"),
        ("states", "city_and_county_agencies_2018"),
        ("states", "population_2020"),
    }
)

# Text that may look like a number: codes, references, words of a source. Other text must not be numbers in disguise.
TEXT_WITH_DIGITS = frozenset(
    {
        ("agencies", "city"),
        ("agencies", "county_fips"),
        ("agencies", "name"),
        ("block_cells", "area"),
        ("block_cells", "block_id"),
        ("block_cells", "county_fips"),
        ("consent_blocks", "areas"),
        ("consent_blocks", "block_id"),
        ("consent_blocks", "counties"),
        ("consent_blocks", "rules_version"),
        ("corrections", "correction_id"),
        ("corrections", "what_is_right"),
        ("corrections", "what_was_wrong"),
        ("dictionary", "allowed_values"),
        ("dictionary", "description"),
        ("events", "summary"),
        ("events", "title"),
        ("partnership_claims", "note"),
        ("partnership_listings", "listing_ref"),
        ("partnerships", "conflicts"),
        ("published_counts", "note"),
        ("regimes", "name"),
        ("release", "content_hash"),
        ("release", "rules_version"),
        ("reported_totals", "note"),
        ("request_counts", "area"),
        ("request_counts", "county_fips"),
        ("source_rows", "file"),
        ("sources", "note"),
        ("sources", "publisher"),
        ("sources", "title"),
        ("states", "fips"),
    }
)
# Ids are what a source calls its things; the columns are few and their names are declared.
IDS = frozenset(
    {
        "agency_id",
        "block_id",
        "correction_id",
        "event_id",
        "previous_release_id",
        "program_id",
        "regime_id",
        "release_id",
        "source_id",
        "started_source_id",
    }
)
PLAIN_TYPES = ("VARCHAR", "DATE", "BOOLEAN")
NUMBER_TYPES = ("BIGINT", "DOUBLE", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "FLOAT")

# A column or a JSON key of such a name speaks of people.
PEOPLE_WORDS = frozenset(
    {
        "answer",
        "answered",
        "answers",
        "asked",
        "askings",
        "consent",
        "consented",
        "consents",
        "declined",
        "invited",
        "notified",
        "people",
        "persons",
        "recipients",
        "refused",
        "residents",
        "responded",
        "respondents",
        "responses",
        "shared",
        "sharing",
    }
)
ABOUT_PEOPLE_BUT_NO_COUNT = frozenset({("programs", "asks_residents"), ("regimes", "agency_sees_who_was_asked")})

PEOPLE_MEASURES = ("asked", "responded", "shared", "declined")
TOTALS_THAT_COULD_BE_SUBTRACTED = ("asked", "responded", "shared", "declined", "no_answer")

DATABASE = "porchlight.duckdb"
DESCRIPTIONS = ("datapackage.json", "dcat.json", "schema-org.json", "release.json")
# The queries that counted, for readers: one .sql per table, or for one of these steps on the way.
METHODS = "methods"
STEPS_ON_THE_WAY = frozenset({"claims", "resolved_partnerships"})
LONGEST_QUERY = 20_000
TABLES_NEEDED = ("release", "consent_blocks", "block_cells", "request_counts")
TABLES = frozenset(
    {
        "agencies",
        "block_cells",
        "consent_blocks",
        "corrections",
        "dictionary",
        "events",
        "participation",
        "partnership_claims",
        "partnership_listings",
        "partnerships",
        "programs",
        "published_counts",
        "quarantine_reasons",
        "regimes",
        "release",
        "release_changes",
        "reported_totals",
        "request_counts",
        "source_rows",
        "sources",
        "states",
    }
)
