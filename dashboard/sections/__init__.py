"""The sections of the long pages, one folder a page, one idea a file. A page lists them from top to bottom."""
