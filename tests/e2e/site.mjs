// What the tests, the pictures and the measurements share: the built site, a server and a browser.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "./serve.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const dist = join(root, "dist");
export const labs = JSON.parse(readFileSync(join(here, "labs.json"), "utf8"));

if (!process.env.SLUICE_NODE_PACKAGES || !process.env.SLUICE_CHROMIUM) {
  throw new Error("Start this through ./dev, which says where the packages and the browser are.");
}
/** The packages lie in the cache and not in the clone, where `import` would look for them. */
export const packages = createRequire(join(process.env.SLUICE_NODE_PACKAGES, "package.json"));

/** The site below a path, as a course has it. */
export const serveSite = (options) => serve({ folder: dist, base: "/courses/sluice/", ...options });

export function launch() {
  const capabilities = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"));
  const args = capabilities["goog:chromeOptions"].args.filter((argument) => argument !== "--headless");
  return packages("playwright-core").chromium.launch({
    executablePath: process.env.SLUICE_CHROMIUM,
    headless: true,
    args,
  });
}

/** Collects all that a reader of the page's console would be sorry to see. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    complaints.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}

/** Waits for the first usable paint, which the page reports itself. */
export function ready(frame, timeout = 20_000) {
  return frame.waitForFunction(() => document.documentElement.dataset.ready === "true", null, { timeout });
}
