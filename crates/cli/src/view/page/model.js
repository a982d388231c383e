"use strict";
// What the page was given. Names, paths and rows are data: they become text nodes, and nothing else.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") element.textContent = value;
    else if (name === "click") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const list = (text) => (text === "" ? [] : text.split(","));
const numbers = (text) => list(text).map((digits) => parseInt(digits, 36));
const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`;
}

// Chances are stored as 64ths of their binary logarithm, without its sign.
const chance = (level) => (level < 0 ? 0 : 2 ** (-level / 64));

function percent(share) {
  const value = Number((share * 100).toPrecision(2));
  return value < 0.001 ? "under 0.001 %" : `${value.toLocaleString("en", { maximumFractionDigits: 3 })} %`;
}

const folders = [];
const files = [];

function addFolder(name, above) {
  const path = above ? (above.path === "" ? name : `${above.path}/${name}`) : "";
  const folder = { isFolder: true, name, path, above, children: [], bytes: 0, count: 0, chance: 0 };
  folders.push(folder);
  if (above) above.children.push(folder);
}

function addFile(file) {
  file.path = file.folder.path === "" ? file.name : `${file.folder.path}/${file.name}`;
  file.weight = Math.max(file.bytes, file.isRest || file.reason ? 256 : 1);
  file.folder.children.push(file);
  for (let above = file.folder; above; above = above.above) {
    above.bytes += file.weight;
    above.count += file.count || 1;
    above.chance += file.chance;
  }
}

function readFiles() {
  const names = data.files.names === "" ? [] : data.files.names.split("/");
  const [within, sizes, gaps] = [data.files.folders, data.files.sizes, data.files.levels].map(numbers);
  let level = 0;
  names.forEach((name, id) => {
    level += gaps[id];
    const later = id - data.files.first;
    const place = later < 0 ? id + 1 : data.files.later[later];
    files.push({ id, name, folder: folders[within[id]], bytes: sizes[id], place, chance: chance(level) });
  });
  for (const id of data.files.chat) files[id].isChat = true;
  for (const id of data.files.important) files[id].isImportant = true;
  for (const [id, reason] of data.passed) files[id].reason = data.reasons[reason];
  files.forEach(addFile);
  for (const [folder, name, reason] of data.unread) {
    addFile({ id: -1, name, folder: folders[folder], bytes: 0, chance: 0, reason: data.reasons[reason] });
  }
  for (const [folder, count, bytes] of data.rest) {
    const name = plural(count, "more file");
    addFile({ id: -1, name, folder: folders[folder], bytes, chance: 0, count, isRest: true });
  }
  for (const folder of folders) folder.weight = folder.bytes;
}

// A definition is [name, kind, line, place, level, signals, known].
const definitionsOf = (file) => data.definitions[file.id] || [];


const parents = numbers(data.folders.parents);
data.folders.names.split("/").forEach((name, id) => addFolder(name, id === 0 ? null : folders[parents[id]]));
readFiles();

// Rows of all pages, then the pages as runs of them.
const [rowFiles, rowLines] = [list(data.rows.files), numbers(data.rows.lines)];
const rowFile = (at) => (rowFiles[at] === "-" ? null : files[parseInt(rowFiles[at], 36)]);
const isGap = (text) => text.startsWith("⋮");
const rows = data.rows.text.map((text, at) => ({ text, file: rowFile(at), line: isGap(text) ? -1 : rowLines[at] }));

const pages = data.pages.map(([budget, used, runs]) => ({ budget, used, runs: numbers(runs) }));

function rowsOf(page) {
  const all = [];
  for (let at = 0; at < page.runs.length; at += 2) {
    for (let row = page.runs[at]; row < page.runs[at] + page.runs[at + 1]; row += 1) all.push(rows[row]);
  }
  return all;
}

// The text of a page, to the byte.
const textOf = (page) => rowsOf(page).map((row) => `${row.text}\n`).join("");
const definitionsOn = (file, line) => (line ? definitionsOf(file).filter(([, , at]) => at === line) : []);

// What each signal gave, the strongest first.
function gains(signals, values) {
  const all = [];
  for (let at = 0; at < (values || []).length; at += 2) {
    const [name, weight, says] = signals[values[at]];
    all.push({ name: name.replace(/_/g, " "), says, gain: weight * values[at + 1] });
  }
  return all.sort((a, b) => Math.abs(b.gain) - Math.abs(a.gain));
}

const times = (gain) => {
  const factor = Math.exp(Math.abs(gain));
  return `${gain < 0 ? "÷" : "×"}${factor >= 100 ? Math.round(factor) : factor.toPrecision(2)}`;
};

