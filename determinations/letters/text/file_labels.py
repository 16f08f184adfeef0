"""The names that files bring along: labels to show, never paths to follow. Knows no file system."""

import re
import unicodedata

LONGEST_LABEL = 200

_DRIVE = re.compile(r"^[A-Za-z]:")


def visible(name: str) -> str:
    """The name without characters that cannot be seen or stored, or that turn the reading direction."""
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
    """Whether an operating system put the entry there for itself, as macOS and Windows do."""
    steps = name.replace("\\", "/").split("/")
    return steps[0] == "__MACOSX" or steps[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
