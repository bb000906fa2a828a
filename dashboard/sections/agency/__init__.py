"""The sections of the page Agency."""
