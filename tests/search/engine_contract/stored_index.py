"""What the contract does to an index behind its engine's back."""

from typing import Protocol


class StoredIndex(Protocol):
    """The index of the engines under test, wherever it is stored."""

    def write_version(self, version: str) -> None:
        """Let the index say that it was written by this version."""

    def garble(self) -> None:
        """Let what says which index serves be nothing that was ever written."""

    def lose_documents(self) -> None:
        """Take what is searched away; what says which index serves stays."""

    def delete(self) -> None:
        """All of it."""

    def copy(self) -> None: ...
    def restore(self) -> None:
        """Put the copy in the place of what is there."""

    def content(self) -> object:
        """Equals what it was if nothing was written since."""

    def holds_word(self, word: str) -> bool:
        """Whether the word, in lower case, is still in anything that is stored."""
