"""The names that files bring along: labels to show, never paths to follow. Knows no file system."""

import re
import unicodedata

LONGEST_LABEL = 200
_LONGEST_NAME = 70_000
"""More than any archive's format has room for."""

_DRIVE = re.compile(r"^[A-Za-z]:")


def visible(name: str) -> str:
    """The name without characters that cannot be seen or stored, or that turn the reading direction."""
    name = unicodedata.normalize("NFC", name[:_LONGEST_NAME])  # macOS packs accents apart from their letters
    if name.isprintable():
        return name
    # Cc: controls, Cf: direction marks and joiners, Cs: surrogates, Co and Cn: private and unassigned.
    return "".join(
        character
        for character in name
        if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029"
    )


def label_of(name: str) -> str:
    r"""The name of an upload or of an archive's entry: `..\..\C:\letters\a.txt` becomes `letters/a.txt`.

    Steps upwards, roots and drive letters say nothing about a letter and go. A very long name keeps its
    end, where the difference is.
    """
    steps = (_DRIVE.sub("", step).strip() for step in visible(name).replace("\\", "/").split("/"))
    label = "/".join(step for step in steps if step.strip("."))
    if len(label) > LONGEST_LABEL:
        return f"…{label[1 - LONGEST_LABEL :]}"
    return label or "(no name)"


def is_system_note(name: str) -> bool:
    """Whether a system or an office program put the file there for itself: what holds no letter."""
    steps = name.replace("\\", "/").split("/")
    return (
        steps[0] == "__MACOSX"
        or steps[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
        or steps[-1].startswith(("~$", "._", ".~lock."))
    )
