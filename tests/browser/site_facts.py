"""What the tests know of the site that they open: which letters it holds, and the keys it gave."""

from dataclasses import dataclass

YEARS = ("2014", "2016")
"""Of the sample letters, the folders that the site holds."""

LETTER = "CM14-9000133"
"""An invented letter of several disputed items, imported in two versions."""

OTHER_LETTER = "CM16-9000079"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Keys of rows; `sessions` are cookies of signed-in people by their user name."""

    letter_key: int
    item_key: int
    older_version: str
    batch_with_failures: int
    saved_search: int
    shared_folder: int
    shared_item: str
    feed_token: str
    stop_alerts: str
    sessions: dict[str, str]
