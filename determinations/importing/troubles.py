"""What may hold an import up without being any letter's fault, in words that say what to do."""

import errno
import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError

from determinations.importing.reading_pool import ReadersUnavailableError

PASSING_TROUBLES = (OSError, OperationalError, InterfaceError, ReadersUnavailableError)
"""The import stops at them and goes on, at the same file, once they are mended."""

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def in_words(error: Exception) -> str:
    """One or two sentences for the person who waits for the import."""
    match error:
        case OSError(errno=number) if number in _NO_SPACE:
            return "The disk is full. Make room: nothing is lost, and the import then goes on."
        case OSError():
            return f"The data directory cannot be written ({error}). The import goes on once it can be."
        case DatabaseError() if _sqlite_code(error) == sqlite3.SQLITE_FULL:
            return "The database's disk is full. Make room: nothing is lost, and the import then goes on."
        case DatabaseError() if _sqlite_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return "Another program keeps the database locked. The import goes on once it lets go."
        case DatabaseError() | InterfaceError():
            return f"The database does not answer ({error}). The import goes on once it does."
    return f"{error} The import goes on once this is mended."


def _sqlite_code(error: DatabaseError) -> int | None:
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None  # the low byte names the kind
