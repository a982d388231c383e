#!/usr/bin/env node
// Runs the program of this system, which is in a package of its own.
"use strict";

const { spawnSync } = require("node:child_process");

const system = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "repo-map.exe" : "repo-map";
let program;
try {
  program = require.resolve(`@repo-map-cache/${system}/bin/${file}`);
} catch {
  console.error(
    `repo-map: there is no program for ${system}: install @repo-map-cache/${system} (npm leaves it out with --omit=optional), or build it with cargo`,
  );
  process.exit(4);
}
const done = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (done.error) {
  console.error(`repo-map: cannot start ${program}: ${done.error.message}`);
  process.exit(4);
}
if (done.signal) {
  process.kill(process.pid, done.signal);
} else {
  process.exit(done.status);
}
