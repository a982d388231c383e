const search = byId("search");
const found = byId("found");
const MOST_FOUND = 60;
let hits = [];
let hit = -1;

// What is called so, then what begins so, then what holds it; of these the likeliest first.
function find(text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const ranked = [];
  const add = (name, whole, node, about, line) => {
    if (!whole.toLowerCase().includes(wanted)) return;
    const at = name.toLowerCase().indexOf(wanted);
    const order = at < 0 ? 3 : at > 0 ? 2 : Number(name.length > wanted.length);
    ranked.push([order, ranked.length, { node, line, text: whole, about }]);
  };
  for (const file of files) {
    add(file.name, file.path, file, "file");
    for (const [name, kind, at] of definitionsOf(file)) add(name, name, file, `${data.kinds[kind]} in ${file.path}`, at);
  }
  for (const folder of folders.slice(1)) add(folder.name, folder.path, folder, "folder");
  return ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , result]) => result);
}

function pointTo(at) {
  hit = at;
  [...found.children].forEach((element, index) => element.setAttribute("aria-selected", String(index === at)));
  search.setAttribute("aria-activedescendant", at < 0 ? "" : `found${at}`);
  if (at >= 0) found.children[at].scrollIntoView({ block: "nearest" });
}

function unfold(isOpen) {
  found.hidden = !isOpen;
  search.setAttribute("aria-expanded", String(isOpen));
}

function go({ node, line: of }) {
  unfold(false);
  if (node.isFolder) zoom(node);
  else {
    current = node.folder;
    draw();
    choose(node, of || 0);
    detail.focus();
  }
}

search.addEventListener("input", () => {
  hits = find(search.value);
  const item = ({ text, about }, at) => {
    const properties = { role: "option", id: `found${at}`, click: () => go(hits[at]) };
    return make("div", properties, make("span", { class: "is", text }), make("span", { class: "about", text: about }));
  };
  found.replaceChildren(...hits.slice(0, MOST_FOUND).map(item));
  unfold(hits.length > 0);
  say(search.value.trim() === "" ? "" : `${hits.length} found`);
  pointTo(hits.length > 0 ? 0 : -1);
});
search.addEventListener("keydown", (event) => {
  const last = Math.min(hits.length, MOST_FOUND) - 1;
  if (event.key === "ArrowDown") pointTo(Math.min(hit + 1, last));
  else if (event.key === "ArrowUp") pointTo(Math.max(hit - 1, 0));
  else if (event.key === "Enter" && hits[hit]) go(hits[hit]);
  else if (event.key === "Escape") {
    search.value = "";
    unfold(false);
  } else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".tools")) unfold(false);
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input[type=search]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  search.focus();
  event.preventDefault();
});

const THEMES = ["system", "light", "dark"];
byId("theme").addEventListener("click", () => {
  THEMES.push(THEMES.shift());
  [document.documentElement.dataset.theme] = THEMES;
  byId("theme").textContent = `Theme: ${THEMES[0]}`;
});

function start() {
  byId("title").textContent = data.title;
  const sure = data.confidence === null ? "" : ` · ${Math.round(data.confidence * 100)} % sure of the first ten`;
  const total = plural(data.total, "file");
  byId("facts").textContent = `${total} · ${data.tokenizer} · weights of ${data.occasion}${sure}`;
  byId("task").textContent = data.task;
  byId("task").hidden = data.task === "";
  byId("notices").replaceChildren(...data.notices.map((text) => make("li", { text })));
  byId("notices").hidden = data.notices.length === 0;
  for (let at = 0; at < SHADES; at += 1) byId("scale").append(make("i", { class: `key s${at}` }));
  const step = pages.findIndex((page) => page.budget === data.budget);
  slider.value = String(Math.max(step, 0));
  draw();
  turn(Number(slider.value));
  const [first] = rowsOf(pages[Number(slider.value)]).filter((row) => row.line > 0);
  if (first) choose(first.file, first.line, true);
  else show(current);
  for (const cause of ["resize", "beforeprint"]) addEventListener(cause, draw);
}

start();
