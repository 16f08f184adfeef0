"""Answers to HEAD without a body: Django leaves that to the server, and gunicorn logs each as a fault."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def leaves_out_bodies(get_response: GetResponse) -> GetResponse:
    """Middleware, the outermost: the headers stay as GET has them, Content-Length included."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.content = b""
        return response

    return middleware
