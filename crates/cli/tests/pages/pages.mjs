// The pages of a build in a real browser: node pages.mjs PROGRAM FOLDER CHROMIUM [IMAGES]
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { open, start } from "./browser.mjs";
import { hostileTree, random, randomTree } from "./trees.mjs";

const [program, folder, chromium] = process.argv.slice(2);
const env = { ...process.env, REPO_MAP_CACHE_DIR: join(folder, "cache"), XDG_CACHE_HOME: join(folder, "caches") };
const run = (...words) => execFileSync(program, ["-q", ...words], { env, maxBuffer: 1 << 28, encoding: "utf8" });
const tell = (line) => process.stderr.write(`pages: ${line}\n`);

function view(tree, name, ...words) {
  const file = join(folder, `${name}.html`);
  run("view", tree, "--no-open", "-o", file, ...words);
  return file;
}

// The page that the reader sees, and the one that the script says it shows.
const shown = (page) =>
  page.evaluate(() => {
    const rows = [...document.querySelectorAll("#rows .row .text")];
    return { seen: rows.map((row) => `${row.textContent}\n`).join(""), told: textOf(pages[Number(slider.value)]), budget: pages[Number(slider.value)].budget };
  });

async function slide(page, step) {
  await page.focus("#budget");
  await page.keyboard.press("Home");
  const slider = page.locator("#budget");
  await slider.evaluate((element, to) => {
    element.value = String(to - 1);
  }, step);
  // The last step as a person takes it.
  await page.keyboard.press("ArrowRight");
}

async function budgets(browser) {
  const next = random(27);
  const tasks = ["", "round the cart total", "fix the login redirect after the queue", "gear engine page"];
  for (let at = 0; at < 20; at += 1) {
    const tree = join(folder, `tree${at}`);
    randomTree(tree, at + 1);
    const task = tasks[next(tasks.length)];
    const words = task === "" ? [] : ["--task", task];
    const format = next(4) === 0 ? ["--format", "markdown"] : [];
    const file = view(tree, `tree${at}`, ...words, ...format);
    const { page, faults, close } = await open(browser, file);
    for (let times = 0; times < 3; times += 1) {
      const count = await page.evaluate(() => pages.length);
      await slide(page, 1 + next(count - 1));
      const { seen, told, budget } = await shown(page);
      const expected = execFileSync(program, ["-q", "map", tree, "-n", String(budget), ...words, ...format], { env, encoding: "utf8" });
      assert.equal(told, expected, `tree ${at}, ${budget} tokens, ${task}`);
      assert.equal(seen, expected);
    }
    assert.deepEqual(faults, []);
    await close();
  }
  tell("20 trees, 3 budgets each: the slider has the command line's bytes");
}

async function keyboard(browser) {
  const tree = join(folder, "tree3");
  const { page, faults, close } = await open(browser, view(tree, "keys"));
  const crumbs = () => page.locator("#trail button").count();
  assert.equal(await crumbs(), 1);
  await page.evaluate(() => focusTile(tiles.find((tile) => tile.isDirect && tile.node.isFolder)));
  const first = await page.evaluate(() => document.activeElement.tile.node.path);
  await page.keyboard.press("Enter");
  assert.equal(await crumbs(), 2, "Enter zooms");
  const from = await page.evaluate(() => document.activeElement.tile.node.path);
  const moved = new Set([from]);
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) {
    await page.keyboard.press(key);
    moved.add(await page.evaluate(() => document.activeElement.tile.node.path));
  }
  assert.ok(moved.size > 1, "arrows move");
  await page.keyboard.press("Backspace");
  assert.equal(await crumbs(), 1, "Backspace goes back");
  assert.equal(await page.evaluate(() => document.activeElement.tile.node.path), first, "to where it came from");
  const { path, name } = await page.evaluate(() => files.find((file) => file.path.startsWith("src/") && data.files.counts[file.id] > 0));
  await page.keyboard.press("/");
  await page.keyboard.type(name);
  assert.equal(await page.getAttribute("#search", "aria-expanded"), "true");
  await page.keyboard.press("Enter");
  assert.equal(await page.textContent("#detail h2"), path, "search finds a file");
  assert.ok((await page.locator("#detail .list li").count()) > 0, "with its definitions");
  await page.focus("#rows");
  await page.keyboard.press("End");
  assert.equal(await page.locator("#rows .at").count(), 1, "rows are walked");
  // Tab reaches everything that acts, and each says what it is.
  const nameless = await page.evaluate(() => {
    const all = [...document.querySelectorAll("button, input, [role=button], [role=option], [role=listbox], section")];
    return all.filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim() || element.labels?.length || element.matches(".blank")));
  });
  assert.equal(nameless.length, 0, "a screen reader has a name for each");
  assert.ok((await page.pdf()).length > 10_000, "it prints");
  assert.deepEqual(faults, []);
  await close();
  tell("zoom, rows and search by keyboard");
}

async function hostile(browser) {
  const tree = join(folder, "hostile");
  const names = hostileTree(tree);
  for (const words of [["-n", "16384"], ["-n", "16384", "--task", "run </script><script>ran()</script> \u202e"]]) {
    const file = view(tree, "hostile", ...words);
    const { page, faults, close } = await open(browser, file);
    const count = await page.evaluate(() => {
      window.hits = 0;
      window.ran = () => (window.hits += 1);
      return files.length;
    });
    assert.equal(count, names.length + 1, "each has its place");
    // Each file is looked at, by its tile's folder and by its page.
    const bad = await page.evaluate(() => {
      const bad = [];
      const OURS = new Set(["DIV", "SPAN", "P", "A", "UL", "LI", "H1", "H2", "H3", "DL", "DT", "DD", "TABLE", "CAPTION", "TBODY", "TR", "TH", "TD", "B", "I", "SMALL", "BUTTON", "INPUT", "LABEL", "OUTPUT", "NAV", "SECTION", "HEADER", "MAIN", "NOSCRIPT", "SCRIPT"]);
      const check = (what) => {
        for (const element of document.body.querySelectorAll("*")) {
          if (!OURS.has(element.tagName)) bad.push(`${what}: ${element.tagName}`);
          for (const { name } of element.attributes) if (name.startsWith("on")) bad.push(`${what}: ${name}`);
        }
        if (document.querySelectorAll("script").length !== 2) bad.push(`${what}: scripts`);
        if (/[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u.test(document.body.textContent)) bad.push(`${what}: hidden`);
        if (document.scrollingElement.scrollWidth > innerWidth) bad.push(`${what}: too wide`);
        const box = map.getBoundingClientRect();
        for (const { element } of tiles) {
          const at = element.getBoundingClientRect();
          if (at.left < box.left - 1 || at.right > box.right + 1 || at.bottom > box.bottom + 1) bad.push(`${what}: a tile outside`);
        }
      };
      for (const file of files) {
        go({ node: file, line: definitionsOf(file)[0]?.[2] });
        if (document.querySelector("#detail h2").textContent !== file.path) bad.push(`${file.path}: not told`);
        search.value = file.name;
        search.dispatchEvent(new Event("input"));
        if (hits.length === 0 && file.name.trim() !== "") bad.push(`${file.path}: not found`);
        check(file.path);
      }
      for (const folder of folders) {
        zoom(folder);
        check(folder.path);
      }
      return bad;
    });
    assert.deepEqual(bad, []);
    for (const tile of await page.locator("#map .tile").all()) await tile.hover({ force: true, timeout: 2000 }).catch(() => {});
    assert.equal(await page.evaluate(() => window.hits), 0, "nothing ran");
    const { seen } = await shown(page);
    assert.equal(seen, run("map", tree, ...words));
    assert.deepEqual(faults, []);
    await close();
  }
  tell(`${names.length} hostile names ran nothing and left no place`);
}

async function statistics(browser) {
  const file = join(folder, "cache.html");
  run("cache", "stats", "--html", "--no-open", "-o", file);
  const { page, faults, close } = await open(browser, file);
  assert.ok((await page.locator("table tr").count()) > 5);
  assert.deepEqual(faults, []);
  await close();
  tell("the page of the cache");
}

async function lint(file) {
  const script = readFileSync(file, "utf8").split("<script>")[1].split("</script>")[0];
  writeFileSync(join(folder, "script.js"), script);
  const eslint = new ESLint({ overrideConfigFile: join(import.meta.dirname, "eslint.config.mjs"), cwd: folder });
  const results = await eslint.lintText(script, { filePath: join(folder, "script.js") });
  const said = results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`));
  assert.deepEqual(said, []);
  assert.ok(script.split("\n").length <= 600);
  tell("the linter has nothing to say");
}

mkdirSync(folder, { recursive: true });
const browser = await start(chromium);
try {
  await budgets(browser);
  await keyboard(browser);
  await hostile(browser);
  await statistics(browser);
  await lint(join(folder, "tree0.html"));
} finally {
  await browser.close();
}
