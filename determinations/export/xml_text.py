"""Text for file formats based on XML."""

import re

# What XML 1.0 cannot hold, however it is escaped. Letters read from PDFs have some of it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with a space for each character that XML cannot hold."""
    return _NOT_XML.sub(" ", text)
