const slider = byId("budget");
const listed = byId("rows");
let [shown, shownLines, line] = [new Set(), new Set(), 0];
const isShown = (file) => shown.has(file.id);

// The first budget whose page has a file.
const firstPages = new Map();
for (const page of [...pages].reverse()) rowsOf(page).forEach(({ file }) => firstPages.set(file, page));

// The strongest reasons of a row, in few words.
function reasons(row) {
  if (!row.file || row.line < 0) return "";
  if (!row.line && row.file.isImportant) return "opened first by who is new";
  const [definition] = definitionsOn(row.file, row.line);
  const ofFile = row.line ? [] : gains(data.signals.files, data.why[row.file.id]);
  const all = definition ? gains(data.signals.definitions, definition[5]) : ofFile;
  const best = all.filter(({ gain }) => gain > 0.05).slice(0, 3);
  return best.map(({ name, gain }) => `${name} ${times(gain)}`).join(", ");
}

function option(row, at) {
  const isPath = row.file && !row.line;
  const kind = row.text === "" ? "blank" : isPath ? "path" : row.file ? "code" : "other";
  const element = make("div", { class: `row ${kind}`, role: "option", id: `row${at}`, "aria-selected": "false" });
  if (row.file) element.classList.add(`s${shade(row.file)}`);
  element.append(make("span", { class: "text", text: row.text }));
  const why = reasons(row);
  if (why) element.append(make("span", { class: "why", text: why }));
  element.row = row;
  return element;
}

function turn(step) {
  const page = pages[step];
  const all = rowsOf(page);
  shown = new Set(all.filter((row) => row.file).map((row) => row.file.id));
  slider.setAttribute("aria-valuetext", `${page.budget} tokens`);
  const [budget, used] = [page.budget, page.used].map((tokens) => tokens.toLocaleString("en"));
  byId("used").textContent = `${budget} tokens: ${used} used, ${plural(shown.size, "file")}`;
  listed.replaceChildren(...all.map(option));
  listed.removeAttribute("aria-activedescendant");
  shownLines = new Set(all.map((row) => row.file && `${row.file.id}:${row.line}`));
  if (all.length === 0) listed.append(make("p", { text: "Nothing fits into this budget." }));
  tiles.forEach(mark);
  highlight();
  if (selected) show(selected);
}

// Marks the rows of what is selected; gives the first.
function highlight() {
  let first = null;
  for (const element of listed.children) {
    const { row } = element;
    if (!row) continue;
    const is = Boolean(selected) && row.file === selected && (line === 0 || row.line === line);
    element.setAttribute("aria-selected", String(is && (line > 0 || !row.line)));
    element.classList.toggle("of", Boolean(selected) && row.file === selected);
    if (is && !first) first = element;
  }
  return first;
}

// Selects a file, or the definitions on a line of it.
function choose(file, of, isFromRow) {
  [selected, line] = [file, of];
  const first = highlight();
  tiles.forEach(mark);
  if (first && !isFromRow) first.scrollIntoView({ block: "nearest" });
  show(file);
}

function pick(element) {
  if (!element || !element.row) return;
  listed.setAttribute("aria-activedescendant", element.id);
  for (const other of listed.querySelectorAll(".at")) other.classList.remove("at");
  element.classList.add("at");
  element.scrollIntoView({ block: "nearest" });
  const { row } = element;
  if (row.file) choose(row.file, Math.max(row.line, 0), true);
  else if (row.text !== "") showOther(row.text);
}

listed.addEventListener("click", (event) => pick(event.target.closest(".row")));

listed.addEventListener("keydown", (event) => {
  const all = [...listed.querySelectorAll(".row:not(.blank)")];
  const at = all.indexOf(listed.querySelector(".at"));
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  pick(all[Math.min(Math.max(next, 0), all.length - 1)]);
  event.preventDefault();
});
const copied = () => say("copied");
byId("copy").addEventListener("click", () => navigator.clipboard.writeText(textOf(pages[slider.value])).then(copied));
slider.max = String(pages.length - 1);
slider.addEventListener("input", () => turn(Number(slider.value)));
