// A million operations through every strategy of invalidation: natively, in Chromium, and through SimPy
// where it is there; and how long it takes to explore the schedules of three clients with four operations.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { serve } from "../e2e/serve.mjs";
import { launch, root } from "../e2e/site.mjs";

const { SLUICE_OPERATIONS: native, SLUICE_OPERATIONS_WEB: web, SLUICE_QUEUE_PEER: peer } = process.env;
const MODELLED = ["ttl", "cache-aside", "write-through"];

const run = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 }));
const thousands = (rate) => (rate / 1e3).toFixed(0);
const percent = (ratio) => (100 * ratio).toFixed(2);

async function inBrowser() {
  const browser = await launch();
  const site = await serve({ folder: web, pages: { "/": "<!doctype html><title>operations</title>" }, isolated: true });
  try {
    const page = await browser.newPage();
    await page.goto(site.address);
    return JSON.parse(await page.evaluate(async () => {
      const { default: init } = await import("/operations.js");
      await init();
      return window.operations(() => performance.now());
    }));
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Measures, prints tables, and returns lines for the summary. */
export async function operations() {
  const here = run(native);
  const there = await inBrowser();
  const script = join(root, "tools/simpy_cache.py");
  const theirs = new Map(peer ? MODELLED.map((name) => [name, run(peer, script, name, "200000", "1")]) : []);
  console.log("\na million operations, a tenth of them writes, statistics on (thousands of operations a second)");
  const line = (name, ...cells) => console.log(name.padEnd(24) + cells.map((cell) => String(cell).padStart(13)).join(""));
  line("", "hits %", "stale %", "native", "Chromium", "SimPy", "its hits %", "its stale %", "ratio");
  const ratios = [];
  for (const [at, row] of here.rows.entries()) {
    const web = there.rows[at];
    if (row.hit_ratio !== web.hit_ratio || row.stale_ratio !== web.stale_ratio) throw new Error(`${row.strategy}: Chromium differs`);
    const other = theirs.get(row.strategy);
    const ratio = other && web.rate / other.operations_per_second;
    if (ratio) ratios.push(ratio);
    const cells = other ? [thousands(other.operations_per_second), percent(other.hit_ratio), percent(other.stale_ratio), `${ratio.toFixed(1)}×`] : [];
    line(row.strategy, percent(row.hit_ratio), percent(row.stale_ratio), thousands(row.rate), thousands(web.rate), ...cells);
  }
  console.log("\nevery schedule of three clients with four operations each (seconds)");
  line("", "states", "native", "Chromium");
  for (const [at, row] of here.explored.entries()) line(row.strategy, row.states, row.seconds.toFixed(2), there.explored[at].seconds.toFixed(2));
  const slowest = Math.max(...there.explored.map(({ seconds }) => seconds));
  const least = ratios.length ? `${Math.min(...ratios).toFixed(1)} times` : "SimPy is missing";
  return [
    ["operations, Chromium / SimPy, the least", least, "10 times"],
    ["schedules of three clients, Chromium, the slowest", `${slowest.toFixed(2)} s`, "2 s"],
  ];
}
