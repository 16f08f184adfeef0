"""For programs that watch the site: its health, and its figures for Prometheus.

`/health/live` says that the process answers, `/health/ready` that visitors can be served, and `/health/`
everything. A site that requires signing in tells strangers no figures.
"""

from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from determinations import metrics
from determinations.health import OK, Health, readiness, whole_health


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 where everything works, else 503; the body names each part and what is wrong with it."""
    return _answer(request, whole_health())


@login_not_required
@require_safe
@never_cache
def health_ready(request: HttpRequest) -> JsonResponse:
    """200 where visitors can be served, else 503."""
    return _answer(request, readiness())


@login_not_required
@require_safe
@never_cache
def health_live(request: HttpRequest) -> JsonResponse:
    """200: this process answers. Asks neither database nor index, which a restart would not mend."""
    return JsonResponse({"status": OK})


@login_not_required
@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for those who send the token; without a token set, 404."""
    if not settings.METRICS_TOKEN:
        raise Http404("This site shows no metrics. IMR_METRICS_TOKEN turns them on.")
    given = request.headers.get("Authorization", "").encode()
    if not compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        refused = HttpResponse("Send the token of this site.\n", status=401, content_type="text/plain")
        refused["WWW-Authenticate"] = 'Bearer realm="IMR metrics"'
        return refused
    health = whole_health()
    parts = {f"{part}_ok": float(state == OK) for part, state in health.parts.items()}
    return HttpResponse(metrics.exposition({**parts, **health.figures}), content_type=metrics.CONTENT_TYPE)


def _answer(request: HttpRequest, health: Health) -> JsonResponse:
    tells_figures = not settings.SIGN_IN_ONLY or request.user.is_authenticated
    body = {
        "status": OK if health.is_well else "not ok",
        **health.parts,
        **(health.figures if tells_figures else {}),
        **({"search_engine": health.engine} if tells_figures and health.engine else {}),
    }
    return JsonResponse(body, status=200 if health.is_well else 503)
