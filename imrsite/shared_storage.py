"""How the original letters are stored where several machines share them: in an S3 bucket.

Keys and region come from where Amazon's library looks for them: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_DEFAULT_REGION, its files, or the machine's role.
"""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from imrsite.installation import installing

_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 5, 60, 3
_IN_MEMORY_BYTES = 5_000_000


def s3_storage(bucket: str, endpoint: str = "") -> dict[str, Any]:
    """An entry of Django's STORAGES. `endpoint` is the address of a server other than Amazon's.

    Raises ImproperlyConfigured where the packages are not installed.
    """
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            f"IMR_ORIGINALS_BUCKET needs packages that are not installed. Run: {installing('s3')}"
        )
    from botocore.config import Config

    # Amazon's library adds checksums that other servers refuse. A letter is checked by its own hash anyway.
    checksums = "when_required" if endpoint else "when_supported"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "location": "letters",
            "file_overwrite": True,  # names are hashes: the same name has the same bytes
            "default_acl": None,
            "max_memory_size": _IN_MEMORY_BYTES,
            "client_config": Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                retries={"total_max_attempts": _TRIES, "mode": "standard"},
                request_checksum_calculation=checksums,
                response_checksum_validation=checksums,
            ),
        },
    }
