"""The tables of a release that the judge goes by, and the columns and types that it reads of them."""

BLOCK_COLUMNS = {
    "block_id": "varchar",
    "agency_id": "varchar",
    "program_id": "varchar",
    "regime_id": "varchar",
    "first_quarter": "date",
    "last_quarter": "date",
    "categories": "varchar",
    "counties": "varchar",
    "areas": "varchar",
    "requests": "bigint",
    "asked": "bigint",
    "responded": "bigint",
    "shared_low": "bigint",
    "shared_high": "bigint",
    "release_no": "bigint",
    "rules_version": "varchar",
}
CELL_COLUMNS = {
    "block_id": "varchar",
    "quarter_start": "date",
    "incident_category": "varchar",
    "county_fips": "varchar",
    "area": "varchar",
    "requests": "bigint",
}
COUNT_COLUMNS = {
    "agency_id": "varchar",
    "program_id": "varchar",
    "regime_id": "varchar",
    "month_start": "date",
    "channel": "varchar",
    "incident_category": "varchar",
    "legal_basis": "varchar",
    "county_fips": "varchar",
    "area": "varchar",
    "requests": "bigint",
    "requests_with_asked": "bigint",
}
PRESS_COLUMNS = {
    "agency_id": "varchar",
    "program_id": "varchar",
    "period_start": "date",
    "period_end": "date",
    "measure": "varchar",
    "value": "bigint",
    "qualifier": "varchar",
    "source_id": "varchar",
}
REGIME_COLUMNS = {"regime_id": "varchar", "starts_on": "date", "ends_on": "date", "ends_precision": "varchar"}
TOTAL_COLUMNS = {"scope": "varchar", "measure": "varchar"}
SUBJECTS = {
    "consent_blocks": BLOCK_COLUMNS,
    "block_cells": CELL_COLUMNS,
    "request_counts": COUNT_COLUMNS,
    "published_counts": PRESS_COLUMNS,
    "regimes": REGIME_COLUMNS,
    "reported_totals": TOTAL_COLUMNS,
}

BLOCK_TABLES = {"consent_blocks": BLOCK_COLUMNS, "block_cells": CELL_COLUMNS}
# What a release shows that the releases after it need not show any more; of its blocks, each of them shows all.
MAY_GO = {"request_counts": COUNT_COLUMNS, "published_counts": PRESS_COLUMNS}
