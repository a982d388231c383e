const detail = byId("detail");
const MOST_LISTED = 300;
// A table of what raised and lowered a chance: words, a bar from the middle, a factor.
function bars(all) {
  const most = all.reduce((most, { gain }) => Math.max(most, Math.abs(gain)), 0.7);
  const row = ({ name, says, gain }) => {
    const bar = make("i", { class: gain < 0 ? "less" : "more" });
    bar.style.width = `${(Math.abs(gain) / most) * 50}%`;
    const words = make("th", { scope: "row" }, make("b", { text: name }), make("span", { text: says }));
    return make("tr", {}, words, make("td", { class: "bar" }, bar), make("td", { class: "times", text: times(gain) }));
  };
  const caption = make("caption", { text: "What raised (×) and lowered (÷) the chance" });
  return make("table", { class: "bars" }, caption, ...all.map(row));
}

function facts(pairs) {
  const pair = ([name, value]) => [make("dt", { text: name }), make("dd", { text: value })];
  return make("dl", {}, ...pairs.flatMap(pair));
}

function verdict(file) {
  if (file.reason) return `Passed over: ${file.reason}.`;
  if (file.isChat) return "A chat file: its reader has it in full, so no page shows it.";
  const first = firstPages.get(file);
  const since = first && `pages show it from ${first.budget.toLocaleString("en")} tokens on`;
  const is = isShown(file) ? "On the page" : "Not on the page: others gain more for their tokens";
  return `${is}; ${since || "no page up to the largest shows it"}.`;
}

function entry(name, about, click) {
  const parts = [make("span", { class: "is", text: name }), make("span", { class: "about", text: about })];
  return make("button", { type: "button", click }, ...parts);
}

function definitionRows(file) {
  const item = ([name, kind, at, place, level]) => {
    const isOn = shownLines.has(`${file.id}:${at}`);
    const end = `${percent(chance(level))}${isOn ? ", on the page" : ""}`;
    const about = `${data.kinds[kind]}, line ${at}, place ${place.toLocaleString("en")}, ${end}`;
    const button = entry(name, about, () => choose(file, at));
    if (isOn) button.classList.add("on");
    if (at === line) button.setAttribute("aria-current", "true");
    return make("li", {}, button);
  };
  return make("ul", { class: "list" }, ...definitionsOf(file).slice(0, MOST_LISTED).map(item));
}

function showFile(file) {
  const chosen = definitionsOn(file, line);
  const parts = [make("h2", { text: file.path }), make("p", { class: "verdict", text: verdict(file) })];
  const place = file.place && `${file.place.toLocaleString("en")} of ${data.total.toLocaleString("en")}`;
  const known = [["Place", place], ["Chance", percent(file.chance)], ["Size", size(file.bytes)]];
  if (file.place) parts.push(facts(known));
  for (const [name, kind, at, rank, level, signals, share] of chosen) {
    const about = make("small", { text: `${data.kinds[kind]}, line ${at}` });
    parts.push(make("h3", {}, make("span", { text: name }), about));
    parts.push(facts([["Place", rank.toLocaleString("en")], ["Chance", percent(chance(level))]]));
    const needs = `${share} % to be known for the chat files, ${100 - share} % to be edited with them.`;
    if (share !== undefined) parts.push(make("p", { text: needs }));
    if (signals) parts.push(bars(gains(data.signals.definitions, signals)));
  }
  const why = data.why[file.id];
  if (file.isImportant) parts.push(make("p", { text: "Maps without a task name it first: who is new opens it." }));
  const sum = "Without a task a file's chance is that of its definitions together.";
  if (data.signals.files.length === 0) parts.push(make("p", { text: sum }));
  else if (why) parts.push(make("h3", { text: "The file" }), bars(gains(data.signals.files, why)));
  const all = definitionsOf(file);
  const count = data.files.counts[file.id] || 0;
  if (count > 0) {
    parts.push(make("h3", { text: plural(count, "definition") }), definitionRows(file));
    const left = count - Math.min(all.length, MOST_LISTED);
    const text = `${left.toLocaleString("en")} more with less chance; repo-map outline lists all.`;
    if (left > 0) parts.push(make("p", { class: "more", text }));
  }
  return parts;
}

function showFolder(folder) {
  const all = childrenOf(folder);
  const item = (node) => {
    const about = describe(node).slice(node.isRest ? 0 : node.path.length + (node.isFolder ? 3 : 2));
    const button = entry(node.isFolder ? `${node.name}/` : node.name, about, () => open(node));
    button.classList.toggle("on", !node.isFolder && isShown(node));
    return make("li", {}, button);
  };
  const parts = [
    make("h2", { text: folder.path === "" ? folder.name : `${folder.path}/` }),
    facts([["Files", folder.count.toLocaleString("en")], ["Size", size(folder.bytes)], ["Chance", percent(folder.chance)]]),
    make("ul", { class: "list" }, ...all.slice(0, MOST_LISTED).map(item)),
  ];
  const text = `${(all.length - MOST_LISTED).toLocaleString("en")} smaller ones; search finds them.`;
  if (all.length > MOST_LISTED) parts.push(make("p", { class: "more", text }));
  return parts;
}

function show(node) {
  if (node.isFolder && selected) [selected, line] = [null, 0];
  detail.replaceChildren(...(node.isFolder ? showFolder(node) : showFile(node)));
  detail.scrollTop = 0;
}

function showOther(text) {
  const ofFolder = "A folder that holds much of the code: the tree is too large for a page to name something of each.";
  const why = /\/: \d+ files?/.test(text) ? ofFolder : "It stands around the rows, and counts.";
  detail.replaceChildren(make("h2", { text }), make("p", { text: why }));
}
