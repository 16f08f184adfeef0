"""The tools as a server of the Model Context Protocol. Only this module imports its SDK, an optional extra.

Calls run one at a time in the thread that Django's own asynchronous code would use, since the database
connection belongs to a thread and one person's assistant shall not take the whole machine.
"""

from typing import Any

from asgiref.sync import sync_to_async
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
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
