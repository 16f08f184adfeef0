"""docs/api.md says how to connect an assistant, and what it can call."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from determinations.assistants.protocol import PATH
from determinations.assistants.tools import assistant_tools
from determinations.management.commands import mcp_server
from imrsite.installation import installing

SECTION = (
    (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8").split("## Assistants\n")[1]
)


def test_it_names_every_tool_and_its_arguments() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", SECTION, re.MULTILINE))
    tools = assistant_tools()
    assert set(rows) == set(tools)
    for name in ("counts", "id", "text", "examples", "item", "most"):
        taken = {tool.name for tool in tools.values() if name in tool.accepted.names}
        assert taken and all(f"`{name}`" in rows[tool] for tool in taken), name


def test_its_configuration_starts_the_command() -> None:
    examples = re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)
    here, elsewhere, by_http = map(json.loads, examples)
    (server,) = here["mcpServers"].values()
    assert server["args"][1] in get_commands()
    assert server["args"][2] == "--account"
    assert {"IMR_SITE_URL", "IMR_DATA_DIR"} == set(server["env"])
    (server,) = elsewhere["mcpServers"].values()
    assert server["command"] == "ssh"
    assert "manage.py mcp_server --account" in SECTION
    (server,) = by_http["mcpServers"].values()
    assert server["url"].endswith(PATH)
    assert server["headers"] == {"Authorization": "Bearer TOKEN"}
    assert f"`{mcp_server.HTTP_ADDRESS}`" in SECTION


def test_it_says_how_to_install_the_extra() -> None:
    assert installing("assistants") in SECTION
