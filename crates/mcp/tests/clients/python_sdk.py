"""The official Python SDK lists and calls every tool: `python_sdk.py PROGRAM ROOT`.

On pipes and by HTTP, by the newest revision and by the older ones. Prints a line for each, and ends with 1 where anything is amiss.
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

CALLS = {
    "find": {"name": "start", "token_budget": 500},
    "outline": {"path": "engine.py"},
    "repo_map": {"task": "start the engine", "token_budget": 500},
    "show": {"place": "Engine.stop"},
    "status": {},
}


async def use(told: str, server, mode: str) -> None:
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        names = [tool.name for tool in tools]
        assert names == sorted(CALLS), names
        assert all(tool.annotations.read_only_hint for tool in tools)
        assert len(client.instructions) <= 2000
        for _ in range(200):
            status = await client.call_tool("status", {})
            if status.structured_content["ready"]:
                break
            await client.call_tool("repo_map", {"task": "warm"})
            await asyncio.sleep(0.05)
        for name, arguments in CALLS.items():
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result
            text = result.content[0].text
            assert "ngine" in text or "root:" in text, text
        refused = await client.call_tool("repo_map", {"root": "/"})
        assert refused.is_error and "outside" in refused.content[0].text, refused
        print(f"python sdk, {told}: {client.protocol_version}, {len(tools)} tools listed and called")


async def main(program: str, root: str) -> None:
    parameters = StdioServerParameters(command=program, args=["mcp", "--no-cache", "--root", root])
    for mode in ("auto", "legacy"):
        await use("stdio", parameters, mode)
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        arguments = [program, "serve", "--no-cache", "--root", root, "--port", "0", "--token-file", str(token)]
        with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as server:
            try:
                url = re.search(r"http://\S+/mcp", server.stderr.readline()).group()
                async with httpx2.AsyncClient() as stranger:
                    answer = await stranger.post(url, json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
                    assert answer.status_code == 401, answer
                headers = {"Authorization": f"Bearer {token.read_text().strip()}"}
                for mode in ("auto", "legacy"):
                    async with httpx2.AsyncClient(headers=headers) as friend:
                        await use("http", streamable_http_client(url, http_client=friend), mode)
            finally:
                server.kill()


asyncio.run(main(*sys.argv[1:3]))
