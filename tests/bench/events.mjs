// Events a second of every queueing system: natively, in Chromium, and of SimPy where it is there, on
// the same queue, one after another, so that the ratios are of one machine at one time.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { serve } from "../e2e/serve.mjs";
import { launch, root } from "../e2e/site.mjs";

const { SLUICE_EVENTS: native, SLUICE_EVENTS_WEB: web, SLUICE_QUEUE_PEER: peer } = process.env;

const run = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 }));
const millions = (rate) => (rate / 1e6).toFixed(2);

/** All rows in the browser, by the same loop as natively. */
async function inBrowser() {
  const browser = await launch();
  const site = await serve({ folder: web, pages: { "/": "<!doctype html><title>events</title>" }, isolated: true });
  try {
    const page = await browser.newPage();
    await page.goto(site.address);
    return JSON.parse(await page.evaluate(async () => {
      const { default: init } = await import("/events.js");
      await init();
      return window.events(() => performance.now());
    }));
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Measures, prints a table, and returns the ratio of Chromium to SimPy, or nothing without it. */
export async function events() {
  const here = run(native);
  const there = await inBrowser();
  // Rate, mean service, workers, messages and seed: the queue of src/bin/events.rs.
  const theirs = peer && run(peer, join(root, "tools/simpy_pool.py"), "2", "1", "3", "100000", "1");
  console.log("\nM/M/3 at two thirds of its capacity, statistics on (millions of events a second)");
  const line = (name, ...cells) => console.log(name.padEnd(24) + cells.map((cell) => String(cell).padStart(14)).join(""));
  line("", "mean wait", "native", "Chromium");
  for (const [at, row] of here.entries()) {
    line(row.queue, row.mean_wait.toFixed(4), millions(row.rate), millions(there[at].rate));
    if (row.mean_wait !== there[at].mean_wait) throw new Error(`${row.queue}: Chromium's mean wait is ${there[at].mean_wait}`);
  }
  if (!theirs) return undefined;
  line(`SimPy ${theirs.simpy}`, theirs.mean_wait.toFixed(4), millions(theirs.events_per_second));
  const plain = there.find(({ queue }) => queue === "plain");
  const ratio = plain.rate / theirs.events_per_second;
  console.log(`Chromium / SimPy: ${ratio.toFixed(1)} times`);
  return ratio;
}
