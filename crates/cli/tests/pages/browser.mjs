// A browser that tells of each fault, and of each request beside the page's own.
import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const start = (path) => chromium.launch({ executablePath: path, args: QUIET });

// Opens a file; `faults` fills with what a page must not do.
export async function open(browser, file, options = {}) {
  const faults = [];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== `file://${file}`) faults.push(`request: ${request.url().slice(0, 200)}`);
  });
  await page.goto(`file://${file}`);
  return { page, faults, close: () => context.close() };
}
