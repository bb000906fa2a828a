"""The sections of the page Consent."""
