"""The one name of this project in Whoosh's table of contents of an index. Never move or rename this module.

Whoosh pickles a table of contents, and a pickle names the classes of its objects by their modules. Objects of
this project name `restored` instead, with a word for their class: code can be moved without making the
indexes of yesterday unreadable for plain Whoosh. (The site itself never reads the table of contents.)
"""

from pkgutil import resolve_name
from typing import Any

_CLASSES = {
    "segment": "determinations.search.columnar.codec:ColumnarSegment",
    "text": "determinations.search.columnar.schema:TextAnalyzer",
    "case": "determinations.search.columnar.schema:CaseAnalyzer",
}
"""Where each class is now. The words are in indexes on disk: keep them."""


def restored(word: str, *arguments: Any) -> Any:
    """The object that was pickled as `word` and the arguments of its class."""
    return resolve_name(_CLASSES[word])(*arguments)
