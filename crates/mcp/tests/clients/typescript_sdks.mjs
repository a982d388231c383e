// The TypeScript clients list and call every tool: `node typescript_sdks.mjs PROGRAM ROOT`, where package.json is installed.
// The newest revision by the new client, older ones by the old SDK and the command line of the inspector.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Client as NewClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [program, root] = process.argv.slice(2);
const args = ["mcp", "--no-cache", "--root", root];
const calls = {
  find: { name: "start", token_budget: 500 },
  outline: { path: "engine.py" },
  repo_map: { task: "start the engine", token_budget: 500 },
  show: { place: "Engine.stop" },
  status: {},
};
const names = Object.keys(calls);

async function use(told, client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name), names);
  for (;;) {
    const status = await client.callTool({ name: "status", arguments: {} });
    if (status.structuredContent.ready) break;
    await client.callTool({ name: "repo_map", arguments: { task: "warm" } });
  }
  for (const name of names) {
    const result = await client.callTool({ name, arguments: calls[name] });
    assert.ok(!result.isError, JSON.stringify(result));
    assert.match(result.content[0].text, /ngine|root:/);
  }
  await client.close();
  console.log(`${told}: ${names.length} tools listed and called`);
}

const me = { name: "test", version: "1" };
const newest = new NewClient(me, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
await use("@modelcontextprotocol/client, 2026-07-28", newest, new NewTransport({ command: program, args }));
await use("@modelcontextprotocol/client, legacy", new NewClient(me), new NewTransport({ command: program, args }));
await use("@modelcontextprotocol/sdk", new OldClient(me), new OldTransport({ command: program, args }));

function inspect(...more) {
  const bin = `${import.meta.dirname}/node_modules/@modelcontextprotocol/inspector/cli/build/cli.js`;
  const given = [bin, "--cli", program, "mcp", "--no-cache", ...more];
  return JSON.parse(execFileSync("node", given, { encoding: "utf8", cwd: root }));
}
const listed = inspect("--method", "tools/list").tools.map((tool) => tool.name);
assert.deepEqual(listed, names);
for (const name of names) {
  const given = Object.entries(calls[name]).flatMap(([key, value]) => ["--tool-arg", `${key}=${value}`]);
  const result = inspect("--method", "tools/call", "--tool-name", name, ...given);
  assert.ok(!result.isError, JSON.stringify(result));
}
console.log(`inspector: ${names.length} tools listed and called`);
process.exit(0);
