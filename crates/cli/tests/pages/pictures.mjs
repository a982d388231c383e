// The pictures of the documents: node pictures.mjs PROGRAM FOLDER CHROMIUM TREE IMAGES
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, start } from "./browser.mjs";

const [program, folder, chromium, tree, images] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
mkdirSync(images, { recursive: true });
const env = { ...process.env, REPO_MAP_CACHE_DIR: join(folder, "cache") };
const file = join(folder, "picture.html");
const browser = await start(chromium);

async function picture(name, colorScheme, words, look) {
  execFileSync(program, ["-q", "view", tree, "--no-open", "-o", file, ...words], { env });
  const { page, close } = await open(browser, file, { colorScheme, viewport: { width: 1200, height: 760 } });
  if (look) await page.evaluate(look);
  await page.screenshot({ path: join(images, name) });
  await close();
}

try {
  await picture("view-light.png", "light", []);
  await picture("view-dark.png", "dark", ["--task", "QuerySet.union ignores the ordering of values_list"], () => {
    const [row] = rowsOf(pages[Number(slider.value)]).filter(({ line }) => line);
    go({ node: row.file.folder });
    choose(row.file, row.line);
  });
} finally {
  await browser.close();
}
