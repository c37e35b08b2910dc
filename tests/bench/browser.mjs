// Measures the release page: what the first usable page weighs, and how long it takes to get there.
import { brotliCompressSync } from "node:zlib";
import { launch, ready, serveSite } from "../e2e/site.mjs";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const site = await serveSite();
const browser = await launch();
const times = [];
let weights = [];
for (let run = 0; run < 7; run += 1) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  const bodies = [];
  let usable = false;
  page.on("response", (response) => {
    if (!usable && response.url().startsWith("http")) bodies.push(response);
  });
  const start = performance.now();
  await page.goto(site.address, { waitUntil: "commit" });
  await ready(page);
  times.push(performance.now() - start);
  usable = true;
  weights = await Promise.all(bodies.map(async (response) => {
    const body = await response.body();
    return { file: new URL(response.url()).pathname, bytes: body.length, brotli: brotliCompressSync(body).length };
  }));
  await context.close();
}
await browser.close();
await site.close();

for (const { file, bytes, brotli } of weights) {
  console.log(`${file.padEnd(56)} ${String(bytes).padStart(9)} B ${String(brotli).padStart(9)} B brotli`);
}
const total = weights.reduce((sum, { brotli }) => sum + brotli, 0);
console.log(`first usable page: ${(total / 1000).toFixed(1)} kB brotli`);
console.log(`navigation to usable: ${median(times).toFixed(0)} ms (median of ${times.length})`);
