"""Calling the tools as an assistant does: with the SDK's own client, over its in-memory transport."""

from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from jsonschema import Draft202012Validator
from mcp import Client, MCPError
from mcp.types import CallToolResult, TextContent, Tool

from determinations.assistants.calls import ToolCalls
from determinations.assistants.protocol import protocol_server
from determinations.assistants.tools import assistant_tools
from determinations.case.citation import NOT_PRECEDENT

SITE = "https://imr.example.org"
Json = Any
Given = Mapping[str, Any]


class Assistant:
    """An assistant and its server, which lives as long as this: limits count its calls."""

    def __init__(self, account: str = "", mode: str = "auto") -> None:
        self._server = protocol_server(ToolCalls(assistant_tools(), account))
        self._mode = mode

    def tools(self) -> dict[str, Tool]:
        async def listed() -> list[Tool]:
            async with Client(self._server, mode=self._mode) as client:
                return (await client.list_tools()).tools

        return {tool.name: tool for tool in async_to_sync(listed)()}

    def result(self, name: str, given: Given) -> CallToolResult:
        async def called() -> CallToolResult:
            async with Client(self._server, mode=self._mode) as client:
                return await client.call_tool(name, dict(given))

        return async_to_sync(called)()

    def protocol_error(self, name: str) -> MCPError:
        """What the protocol says of a call that must not reach a tool."""

        async def called() -> MCPError:
            async with Client(self._server, mode=self._mode) as client:
                with pytest.raises(MCPError) as refused:
                    await client.call_tool(name, {})
                return refused.value

        return async_to_sync(called)()

    def answer(self, name: str, given: Given) -> Json:
        """What the tool returns, which must be an answer as the tool describes it, with its notes."""
        result = self.result(name, given)
        assert not result.is_error, text_of(result)
        schema = self.tools()[name].output_schema
        assert schema is not None
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
            result.structured_content
        )
        assert NOT_PRECEDENT in result.structured_content["notes"]
        for note in result.structured_content["notes"]:
            assert note in text_of(result)
        return result.structured_content

    def error(self, name: str, given: Given) -> str:
        """What the tool says, which must be an error."""
        result = self.result(name, given)
        assert result.is_error
        assert result.structured_content is None
        assert "Traceback" not in text_of(result)
        return text_of(result)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text
