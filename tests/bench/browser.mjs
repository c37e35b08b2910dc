// Measures the release page: what is fetched until it can be used, how long that takes, and what a
// step costs when a thousand slots are on the stage.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { dist, launch, ready, serveSite } from "../e2e/site.mjs";

const STEPS = "#/eviction?policies=lru&capacity=1000&workload=zipf:0.6:3000:20000&seed=1&step=5000";
const PRESSES = 200;
const VISITS = 7;

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** Each file that the page asks for until its first step has been taken, and the time to usable. */
async function visit(browser) {
  const paths = [];
  const site = await serveSite({ seen: (path) => paths.push(path) });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(site.address, { waitUntil: "commit" });
    await ready(page);
    const time = performance.now() - start;
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.querySelector(".request .count")?.textContent.includes(" 1 of "));
    return { time, files: [...new Set(paths)].map((path) => path.replace("/courses/sluice/", "") || "index.html") };
  } finally {
    await context.close();
    await site.close();
  }
}

async function start(browser) {
  const visits = [];
  for (let at = 0; at < VISITS; at += 1) visits.push(await visit(browser));
  const files = [...new Set(visits.flatMap((one) => one.files))].filter((file) => file !== "favicon.ico");
  console.log("\nfetched until the first step");
  let weight = 0;
  for (const file of files) {
    const body = readFileSync(join(dist, file));
    const packed = brotliCompressSync(body).length;
    weight += packed;
    console.log(`${file.padEnd(40)} ${String(body.length).padStart(9)} B ${String(packed).padStart(9)} B brotli`);
  }
  return { weight, usable: quantile(visits.map((one) => one.time), 0.5) };
}

/**
 * Runs in the page before anything else. For each press of a key it notes the script's share (until
 * the document has been changed), the frame's (style, layout and paint, from the beginning of the
 * next frame until a message posted there arrives), and the time that passed in between.
 */
function watchSteps() {
  window.steps = [];
  addEventListener("keydown", () => {
    const pressed = performance.now();
    let changed = pressed;
    const observer = new MutationObserver(() => { changed = performance.now(); });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    window.painted = new Promise((resolve) => requestAnimationFrame(() => {
      const frame = performance.now();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const painted = performance.now();
        observer.disconnect();
        window.steps.push({ script: changed - pressed, frame: painted - frame, whole: painted - pressed });
        resolve();
      };
      port2.postMessage(null);
    }));
  }, { capture: true });
}

/** How long the page's main thread has kept a processor busy, in milliseconds: others' work does not count. */
async function processorTime(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => 1000 * metrics.find((metric) => metric.name === name).value;
  return { all: of("TaskDuration"), script: of("ScriptDuration"), layout: of("RecalcStyleDuration") + of("LayoutDuration") };
}

async function stepping(browser) {
  const site = await serveSite({ isolated: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchSteps);
    await page.goto(site.address + STEPS);
    await ready(page);
    await page.waitForFunction(() => document.querySelectorAll(".slot").length >= 1000);
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const before = await processorTime(session);
    for (let press = 0; press < PRESSES; press += 1) {
      await page.keyboard.press("ArrowRight");
      await page.evaluate(() => window.painted);
    }
    const after = await processorTime(session);
    const steps = await page.evaluate(() => window.steps);
    return {
      script: steps.map(({ script }) => script),
      work: steps.map(({ script, frame }) => script + frame),
      whole: steps.map(({ whole }) => whole),
      processor: Object.fromEntries(Object.entries(after).map(([part, time]) => [part, (time - before[part]) / PRESSES])),
    };
  } finally {
    await context.close();
    await site.close();
  }
}

/** Prints what is found on the way, and returns lines for the summary. */
export async function page() {
  const browser = await launch();
  try {
    const { weight, usable } = await start(browser);
    const steps = await stepping(browser);
    const { all, script, layout } = steps.processor;
    const both = (values) => `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)} ms`;
    return [
      ["fetched until the first step, brotli", kilobytes(weight), "250 kB"],
      [`navigation to usable, median of ${VISITS}`, `${usable.toFixed(0)} ms`, ""],
      ["step at 1,000 slots, p50 / p95: script alone", both(steps.script), ""],
      ["  script, style, layout, paint (main thread)", both(steps.work), "8 ms at p95"],
      ["  processor time of the main thread, mean", `${all.toFixed(1)} ms`, ""],
      ["    of it script / style and layout / the rest", [script, layout, all - script - layout].map((time) => time.toFixed(1)).join(" / ") + " ms", ""],
      ["  key to painted, with the wait for the frame", both(steps.whole), ""],
    ];
  } finally {
    await browser.close();
  }
}
