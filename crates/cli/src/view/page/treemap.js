// Colours go by how a chance compares with that of any file.
const SHADES = 8;

function shade(node) {
  const files = node.isFolder ? Math.max(node.count, 1) : 1;
  const ratio = (node.chance / files) * data.total;
  if (!(ratio > 0)) return 0;
  return Math.min(SHADES - 1, Math.max(0, Math.floor(Math.log2(ratio) / 1.5 + 2.5)));
}

const MOST_TILES = 2500;
const HEAD = 17;
const map = byId("map");
let current = folders[0];
let tiles = [];
let selected = null;
function childrenOf(folder) {
  if (!folder.isSorted) folder.children.sort((a, b) => b.weight - a.weight);
  folder.isSorted = true;
  return folder.children;
}

// Rows of tiles as near to squares as they get.
function squarify(nodes, area, place) {
  let { x, y, width, height } = area;
  let rest = nodes.reduce((sum, node) => sum + node.weight, 0);
  for (let at = 0; at < nodes.length && width > 1 && height > 1 && rest > 0; ) {
    const short = Math.min(width, height);
    const scale = (width * height) / rest;
    const worst = (sum, most, least) => Math.max((short ** 2 * most) / sum ** 2, sum ** 2 / (short ** 2 * least));
    let end = at + 1;
    let sum = nodes[at].weight * scale;
    const largest = sum;
    let best = worst(sum, largest, largest);
    while (end < nodes.length) {
      const next = Math.max(nodes[end].weight * scale, 1e-9);
      const then = worst(sum + next, largest, next);
      if (then > best) break;
      [best, sum, end] = [then, sum + next, end + 1];
    }
    const thick = Math.min(sum / short, Math.max(width, height));
    const isWide = width >= height;
    let along = 0;
    for (; at < end; at += 1) {
      const long = (nodes[at].weight * scale) / Math.max(thick, 1e-9);
      const wide = { x, y: y + along, width: thick, height: long };
      place(nodes[at], isWide ? wide : { x: x + along, y, width: long, height: thick });
      along += long;
      rest -= nodes[at].weight;
    }
    [x, width, y, height] = isWide ? [x + thick, width - thick, y, height] : [x, width, y + thick, height - thick];
  }
}

function describe(node) {
  if (node.isRest) return `${node.name}, too unlikely to be named here, ${size(node.bytes)}`;
  const inside = `folder, ${plural(node.count || 0, "file")}, ${size(node.bytes)}, chance ${percent(node.chance)}`;
  if (node.isFolder) return `${node.path}/, ${inside}`;
  const seen = isShown(node) ? "on the page" : node.isChat ? "chat file" : "not on the page";
  const mark = node.reason ? `passed over: ${node.reason}` : seen;
  const place = node.place ? `, place ${node.place.toLocaleString("en")}, chance ${percent(node.chance)}` : "";
  return `${node.path}, ${size(node.bytes)}${place}, ${mark}`;
}

function mark(tile) {
  const { node, element } = tile;
  element.classList.toggle("on", !node.isFolder && isShown(node));
  element.classList.toggle("chosen", node === selected);
  if (tile.isDirect) element.setAttribute("aria-label", describe(node));
}

function lay(folder, area, depth) {
  squarify(childrenOf(folder), area, (node, at) => {
    if (at.width < 3 || at.height < 3 || tiles.length >= MOST_TILES) return;
    const element = make("div", { class: `tile ${node.isFolder ? "folder" : "file"} s${shade(node)}` });
    const [left, top, width, height] = [at.x, at.y, at.width - 1, at.height - 1].map((length) => `${length}px`);
    Object.assign(element.style, { left, top, width, height });
    const isOpen = node.isFolder && at.width > 44 && at.height > 40;
    const marks = [node.reason && "off", node.isChat && "chat", isOpen && "open"];
    element.classList.add(...marks.filter(Boolean));
    if (at.width > 30 && at.height > 14) element.append(make("span", { text: node.name }));
    const tile = { node, element, isDirect: depth === 0, x: at.x + at.width / 2, y: at.y + at.height / 2 };
    if (tile.isDirect) element.tabIndex = -1;
    element.setAttribute(...(tile.isDirect ? ["role", "button"] : ["aria-hidden", "true"]));
    element.tile = tile;
    tiles.push(tile);
    mark(tile);
    map.append(element);
    const inside = { x: at.x + 2, y: at.y + HEAD, width: at.width - 5, height: at.height - HEAD - 3 };
    if (isOpen) lay(node, inside, depth + 1);
  });
}

function draw() {
  tiles = [];
  map.replaceChildren();
  lay(current, { x: 0, y: 0, width: map.clientWidth, height: map.clientHeight }, 0);
  if (tiles.length > 0) tiles[0].element.tabIndex = 0;
  const above = [];
  for (let folder = current; folder; folder = folder.above) above.unshift(folder);
  const crumb = (folder) => {
    const properties = { type: "button", text: folder.name, "aria-current": String(folder === current) };
    return make("button", { ...properties, click: () => zoom(folder) });
  };
  byId("trail").replaceChildren(...above.map(crumb));
  map.setAttribute("aria-label", `${current.path || data.title}: ${plural(current.children.length, "part")}`);
}

function focusTile(tile) {
  if (!tile) return;
  for (const { element, isDirect } of tiles) if (isDirect) element.tabIndex = -1;
  tile.element.tabIndex = 0;
  tile.element.focus();
}

const say = (text) => byId("said").replaceChildren(text);

function zoom(folder, focused) {
  current = folder;
  draw();
  say(describe(folder));
  show(folder);
  focusTile(tiles.find((tile) => tile.isDirect && tile.node === focused) || tiles[0]);
}

function open(node) {
  if (node.isFolder) zoom(node);
  else if (!node.isRest) choose(node, 0);
}

// The nearest tile in a direction: what lies straight ahead counts for more than what lies aside.
function neighbour(from, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null;
  let least = Infinity;
  for (const tile of tiles) {
    const [x, y] = [tile.x - from.x, tile.y - from.y];
    const ahead = x * dx + y * dy;
    const distance = ahead + 2 * Math.abs(x * dy + y * dx);
    if (tile.isDirect && tile !== from && ahead > 0.5 && distance < least) [best, least] = [tile, distance];
  }
  return best;
}

map.addEventListener("keydown", (event) => {
  const { tile } = event.target;
  if (!tile) return;
  if (event.key.startsWith("Arrow")) focusTile(neighbour(tile, event.key));
  else if (event.key === "Enter" || event.key === " ") open(tile.node);
  else if (event.key === "Backspace" || event.key === "Escape") {
    if (current.above) zoom(current.above, current);
  }
  else return;
  event.preventDefault();
});

const tileOf = (event) => (event.target.closest(".tile") || {}).tile;

map.addEventListener("click", (event) => {
  const tile = tileOf(event);
  if (tile) open(tile.node);
});
map.addEventListener("pointerover", (event) => {
  const tile = tileOf(event);
  byId("hover").textContent = tile ? describe(tile.node) : "";
});
