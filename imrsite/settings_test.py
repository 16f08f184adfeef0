"""Settings of the test suite: everything in a folder that is thrown away."""

import os
import tempfile

os.environ["IMR_DATA_DIR"] = tempfile.mkdtemp(prefix="imr-test-")
os.environ["IMR_SECRET_KEY"] = "only-for-tests"  # noqa: S105
# `make test-postgresql` names a cluster; the rest of the suite is on SQLite, whatever is set.
os.environ["IMR_DATABASE_URL"] = os.environ.get("IMR_TEST_DATABASE_URL", "")
os.environ.pop("IMR_SEARCH_URL", None)

from imrsite.settings import *  # noqa: F403

RATE_LIMITS = dict.fromkeys(RATE_LIMITS, "")  # noqa: F405  # tests ask far more often than people
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCESS_LOG = "off"
MACHINES_SHARE_DATABASE = False  # whatever the database is: tests of leases say otherwise
WHITENOISE_AUTOREFRESH = True  # else every client that a test makes looks at every static file
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # or its server warns
