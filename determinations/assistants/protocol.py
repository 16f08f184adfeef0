"""The tools as a server of the Model Context Protocol. Only this module imports its SDK, an optional extra.

Calls run one at a time in the thread that Django's own asynchronous code would use, since the database
connection belongs to a thread and one person's assistant shall not take the whole machine.

Over HTTP, each request stands alone and carries the server's token: there are no sessions to take over. The
host that it names must be this server or the site, against web pages that resolve their name to this machine.
"""

from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from determinations.api.description import VERSION
from determinations.api.json_schema import to_json
from determinations.assistants.calls import ToolCallError, ToolCalls
from determinations.assistants.citing import ONLY_HERE
from determinations.case.citation import NOT_PRECEDENT

NAME = "imr-determinations"
INSTRUCTIONS = (
    "Search and read California workers’ compensation Independent Medical Review (IMR) determinations. "
    "A letter decides one or more disputed items. “Upheld” means that the treatment remains denied, "
    "“overturned” that it is approved. Quote only what a tool returned, each time with its citation and "
    f"address. {NOT_PRECEDENT} {ONLY_HERE} Letters marked as invented samples are not real cases."
)

PATH = "/mcp"
"""Of the server over HTTP."""
_MOST_BYTES = 64 * 1024
"""Of a request: the longest search with all its parameters has a tenth of it."""
_MOST_CONNECTIONS = 32
_UNAUTHORIZED = PlainTextResponse(
    "Send the token of this server: Authorization: Bearer TOKEN\n", 401, {"WWW-Authenticate": "Bearer"}
)

_Context = ServerRequestContext[Any]


def protocol_server(calls: ToolCalls) -> Server[Any]:
    """The server, without a transport."""

    async def list_tools(_: _Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=await sync_to_async(_described)(calls))

    async def call_tool(_: _Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in calls.tools:
            known = ", ".join(calls.tools)
            raise MCPError(INVALID_PARAMS, f"There is no tool “{params.name}”. The tools are: {known}.")
        return await sync_to_async(_called)(calls, params.name, params.arguments or {})

    return Server(
        NAME,
        title="IMR determinations",
        version=VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Until standard input ends. What else is printed goes to standard error meanwhile."""
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


async def serve_http(server: Server[Any], host: str, port: int, token: str) -> None:
    """Until the process is ended."""
    application = _requiring(token, http_application(server, host, port))
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        lifespan="on",
        ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    await uvicorn.Server(config).serve()


def http_application(server: Server[Any], host: str, port: int) -> ASGIApp:
    """The server over streamable HTTP, without its token."""
    site = urlsplit(settings.SITE_URL)
    own = [f"{name}:{port}" for name in dict.fromkeys((host, "127.0.0.1", "localhost", "[::1]"))]
    guards = TransportSecuritySettings(
        allowed_hosts=[*own, site.netloc],
        allowed_origins=[*(f"http://{name}" for name in own), f"{site.scheme}://{site.netloc}"],
    )
    return server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=_MOST_BYTES,
        transport_security=guards,
    )


def _requiring(token: str, application: ASGIApp) -> ASGIApp:
    """The application for those who send the token; 401 for anyone else, before anything is read."""
    expected = f"Bearer {token}".encode()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        given = [value for name, value in scope.get("headers", ()) if name == b"authorization"]
        is_known = len(given) == 1 and compare_digest(given[0], expected)
        if is_known or scope["type"] == "lifespan":
            await application(scope, receive, send)
        else:
            await _UNAUTHORIZED(scope, receive, send)

    return guarded


def _described(calls: ToolCalls) -> list[Tool]:
    return [
        Tool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.input_schema,
            output_schema=tool.output_schema,
            annotations=ToolAnnotations(
                title=tool.title, read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
        )
        for tool in calls.tools.values()
    ]


def _called(calls: ToolCalls, name: str, arguments: dict[str, Any]) -> CallToolResult:
    try:
        answer = calls.run(name, arguments)
    except ToolCallError as error:
        return CallToolResult(content=[TextContent(type="text", text=str(error))], is_error=True)
    return CallToolResult(
        content=[TextContent(type="text", text=answer.text)], structured_content=to_json(answer.content)
    )
