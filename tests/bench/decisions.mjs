// Decisions a second of every limiter: natively, in Chromium, and of governor natively, on the same
// requests, one after another, so that the ratios are of one machine at one time.
import { execFileSync } from "node:child_process";
import { serve } from "../e2e/serve.mjs";
import { launch } from "../e2e/site.mjs";

const { SLUICE_DECISIONS: native, SLUICE_DECISIONS_WEB: web, SLUICE_LIMIT_PEER: peer } = process.env;

const run = (program) => JSON.parse(execFileSync(program, { encoding: "utf8", maxBuffer: 1 << 26 }));
const millions = (rate) => (rate / 1e6).toFixed(1);

/** All rows in the browser, by the same loop as natively. */
async function inBrowser() {
  const browser = await launch();
  const site = await serve({ folder: web, pages: { "/": "<!doctype html><title>decisions</title>" }, isolated: true });
  try {
    const page = await browser.newPage();
    await page.goto(site.address);
    return JSON.parse(await page.evaluate(async () => {
      const { default: init } = await import("/decisions.js");
      await init();
      return window.decisions(() => performance.now());
    }));
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Measures, prints a table, and returns lines for the summary: the ratios of Chromium to governor. */
export async function decisions() {
  const here = run(native);
  const there = await inBrowser();
  const theirs = run(peer);
  const line = (name, ...cells) => console.log(name.padEnd(24) + cells.map((cell) => String(cell).padStart(14)).join(""));
  return theirs.map(({ keys, admitted, rate }) => {
    const what = keys === 1 ? "one key" : `${keys.toLocaleString("en")} keys`;
    console.log(`\n${what}, twice as many requests as pass (millions of decisions a second)`);
    line("", "admitted", "native", "Chromium");
    for (const [at, row] of here.entries()) {
      if (row.keys !== keys) continue;
      line(row.limiter, row.admitted, millions(row.rate), millions(there[at].rate));
      if (row.admitted !== there[at].admitted) throw new Error(`${row.limiter}: Chromium admits ${there[at].admitted}`);
    }
    line("governor", admitted, millions(rate), "");
    const gcra = there.find((row) => row.limiter === "gcra" && row.keys === keys);
    if (gcra.admitted !== admitted) throw new Error(`governor admits ${admitted}, and our GCRA ${gcra.admitted}`);
    const ratio = gcra.rate / rate;
    console.log(`GCRA in Chromium / governor native: ${ratio.toFixed(2)} times`);
    return [`GCRA in Chromium / governor native, ${what}`, `${ratio.toFixed(2)} times`, "1 time"];
  });
}
