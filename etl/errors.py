"""One family of errors. Messages name the file and column and what to do; they never hold a value from a record."""


class PorchlightError(Exception):
    """Something the operator can act on. The command line prints the message without a traceback."""

    exit_code = 1


class UsageError(PorchlightError):
    """The command was asked for something it cannot do."""

    exit_code = 2


class SourceError(PorchlightError):
    """A file cannot be read as its source says: encoding, header, dialect. Nothing of it was loaded."""

    exit_code = 3


class CheckError(PorchlightError):
    """A promise about the data does not hold; nothing was published."""

    exit_code = 4


class ProtectionError(PorchlightError):
    """The judge or the cover test refused the release; nothing was published."""

    exit_code = 5


class PublishError(PorchlightError):
    """The release could not be written; the last one still stands."""

    exit_code = 6


class FetchError(PorchlightError):
    """A public source could not be downloaded; what was there before still stands."""

    exit_code = 7


class EngineError(PorchlightError):
    """The engine that was asked for is not there, or does not answer; nothing was published."""

    exit_code = 8
