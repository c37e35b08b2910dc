// Requests a second of every policy: natively, in Chromium, and of libCacheSim where it is there,
// on the same traces, one after another, so that the ratios are of one machine at one time.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { serve } from "../e2e/serve.mjs";
import { launch, root } from "../e2e/site.mjs";

/** The policies that both have. The simulator's S3-FIFO promotes at the second hit, as its paper does. */
const SHARED = {
  fifo: "fifo", lru: "lru", clock: "clock", sieve: "sieve", lfu: "lfu", arc: "arc", "s3-fifo:threshold=2": "s3-fifo",
};
/** What a trace from outside is measured at, as far as it has more objects. */
const CAPACITIES = [1000, 8000, 32000];

const { SLUICE_RATES: native, SLUICE_RATES_WEB: web, SLUICE_PEER: peer, SLUICE_CACHE: cache } = process.env;

const run = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 }));
const millions = (rate) => (rate === undefined ? "" : (rate / 1e6).toFixed(1));
export const geometric = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

function traces(files) {
  const folder = join(root, "www/traces");
  const shipped = JSON.parse(readFileSync(join(folder, "traces.json"), "utf8"));
  return [
    ...shipped.map(({ file, capacity }) => ({ file: join(folder, file), capacities: [capacity] })),
    ...files.map((file) => ({ file, capacities: CAPACITIES })),
  ];
}

/** All rows in the browser, by the same loop as natively. */
async function inBrowser(browser, site, { file, capacities }) {
  const page = await browser.newPage();
  try {
    await page.route("**/trace", (route) => route.fulfill({ path: file, contentType: "application/octet-stream" }));
    await page.goto(site.address);
    return JSON.parse(await page.evaluate(async (sizes) => {
      const { default: init } = await import("/rates.js");
      await init();
      const bytes = new Uint8Array(await (await fetch("/trace")).arrayBuffer());
      return window.rates(bytes, new Uint32Array(sizes), () => performance.now());
    }, capacities));
  } finally {
    await page.close();
  }
}

/** Measures the shipped traces and `files`, prints a table for each, and returns the ratios. */
export async function rates(files) {
  const browser = await launch();
  const site = await serve({ folder: web, pages: { "/": "<!doctype html><title>rates</title>" }, isolated: true });
  const keys = join(cache, "bench", `keys-${process.pid}.txt`);
  const result = { ratios: [], differences: 0 };
  try {
    for (const trace of traces(files)) {
      const here = run(native, trace.file, trace.capacities.join(), keys);
      const there = await inBrowser(browser, site, trace);
      const capacities = [...new Set(here.map(({ capacity }) => capacity))];
      const theirs = peer && capacities.length ? run(peer, join(root, "tools/peer.py"), keys, "--capacities", capacities.join()) : [];
      if (!capacities.length) console.log(`\n${basename(trace.file)} has too few objects for ${trace.capacities.join(", ")}`);
      for (const capacity of capacities) {
        const at = (rows) => rows.filter((row) => row.capacity === capacity);
        table(`${basename(trace.file)}, room for ${capacity}`, at(here), at(there), at(theirs), result);
      }
    }
  } finally {
    rmSync(keys, { force: true });
    await browser.close();
    await site.close();
  }
  return result;
}

/** Prints the rows of one trace at one capacity, and adds what they come to to `result`. */
function table(title, here, there, theirs, result) {
  const line = (name, ...cells) => console.log(name.padEnd(24) + cells.map((cell) => String(cell).padStart(14)).join(""));
  console.log(`\n${title} (millions of requests a second)`);
  line("", "misses", "native", "Chromium", ...(theirs.length ? ["libCacheSim", "ratio"] : []));
  const ratios = [];
  for (const [at, { policy, misses, rate }] of here.entries()) {
    const browser = there[at];
    const other = theirs.find((row) => row.policy === SHARED[policy]);
    const ratio = other && browser.rate / other.rate;
    if (ratio) ratios.push(ratio);
    line(policy, misses, millions(rate), millions(browser.rate), millions(other?.rate), ratio ? ratio.toFixed(2) : "");
    for (const [who, row] of [["Chromium", browser], ["libCacheSim", other]]) {
      if (row && row.misses !== misses) {
        console.log(`✗ ${who} counts ${row.misses} misses of ${policy}, and native code ${misses}`);
        result.differences += 1;
      }
    }
  }
  if (ratios.length) console.log(`Chromium / libCacheSim native: ${geometric(ratios).toFixed(2)} times (geometric mean of ${ratios.length})`);
  result.ratios.push(...ratios);
}
