"""The policy that tells browsers what a page may load (CSP), and that no script may turn text into markup."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

TRUSTED_TYPES = {"require-trusted-types-for": ["'script'"], "trusted-types": ["'none'"]}
EXCHANGING_TRUSTED_TYPES = {**TRUSTED_TYPES, "trusted-types": ["default"]}
_EXCHANGING = {"determinations:search", "determinations:all_items", "determinations:determination"}
"""The pages into which `site.js` takes answers of this site."""


class ContentPolicy(CSPMiddleware):
    """The policy of the settings. Trusted types hold everywhere but in the admin: Django's own scripts there
    make markup from text. On pages of results and of letters, one policy of `site.js` lets the site's own
    answers through.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not request.path.startswith(reverse("admin:index")):
            found = request.resolver_match
            exchanges = found is not None and found.view_name in _EXCHANGING
            types = EXCHANGING_TRUSTED_TYPES if exchanges else TRUSTED_TYPES
            parts.config = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], **types}
        return parts
