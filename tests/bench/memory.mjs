// Measures the memory of the page and its worker, and the longest time the page was blocked, while
// a file of ten million requests is read, counted, and gone through to its end.
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { launch, ready, serveSite } from "../e2e/site.mjs";

const REQUESTS = 10_000_000;
const KEYS = 1_000_000;
const LINK = "#/eviction?policies=lru,sieve&capacity=50000&workload=file:x";

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** A file of ten million requests, the same on each machine: Zipf's law with exponent 0.8. */
async function bigFile() {
  const folder = join(process.env.SLUICE_CACHE, "bench");
  const path = join(folder, "ten-million.txt");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // The inverse of the continuous law: its weight up to a key grows with the key's power of 1 - 0.8.
  const all = (KEYS + 1) ** 0.2 - 1;
  let state = 1;
  const unit = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const file = createWriteStream(`${path}.part`);
  for (let done = 0; done < REQUESTS; done += 10_000) {
    let lines = "";
    for (let at = 0; at < 10_000; at += 1) lines += `${Math.floor((1 + unit() * all) ** 5)}\n`;
    if (!file.write(lines)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  renameSync(`${path}.part`, path);
  return path;
}

/** Runs in the page before anything else: keeps the longest task. */
function watchTasks() {
  window.longestTask = 0;
  const longest = (list) => {
    for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask, duration);
  };
  new PerformanceObserver(longest).observe({ type: "longtask", buffered: true });
}

/** The most that the browser's own process for the page has ever held, where the system tells. */
async function peakOfProcess(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const peaks = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
    try {
      return 1024 * Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]);
    } catch {
      return NaN;
    }
  });
  const peak = Math.max(...peaks);
  return Number.isFinite(peak) ? megabytes(peak) : "unknown";
}

/** A program that has been started returns its exports when it is asked to start again. */
async function memories(page) {
  const inPage = await page.evaluate(async () => (await window.wasmBindings.default()).memory.buffer.byteLength);
  const inWorkers = await Promise.all(page.workers().map((worker) => worker.evaluate(async () => {
    const { default: init } = await import(new URL("worker.js", location.href).href);
    return (await init()).memory.buffer.byteLength;
  })));
  return { page: inPage, worker: inWorkers.reduce((sum, bytes) => sum + bytes, 0) };
}

/** Takes the longest task since it was last asked for. */
const longestTask = (page) => page.evaluate(async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const longest = window.longestTask;
  window.longestTask = 0;
  return longest;
});

/** Prints what is found on the way, and returns lines for the summary. */
export async function memory() {
  const file = await bigFile();
  const site = await serveSite();
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addInitScript(watchTasks);
    await page.goto(site.address + LINK);
    await ready(page);
    await longestTask(page);

    const start = performance.now();
    await page.setInputFiles("#file", file);
    await page.waitForSelector(".request .count", { timeout: 300_000 });
    const read = performance.now() - start;
    const atReading = { ...await memories(page), task: await longestTask(page) };
    await page.waitForSelector(".charts table", { timeout: 300_000 });
    const counted = performance.now() - start;
    const atCounting = { ...await memories(page), task: await longestTask(page) };
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector(".request .count").textContent.startsWith("request 10,000,000"), null, { timeout: 300_000 });
    const atEnd = { ...await memories(page), task: await longestTask(page) };

    console.log("\na file of ten million requests");
    for (const [what, { page: one, worker, task }] of Object.entries({
      [`read after ${(read / 1000).toFixed(1)} s`]: atReading,
      [`counted after ${(counted / 1000).toFixed(1)} s`]: atCounting,
      "stepped to its end": atEnd,
    })) {
      console.log(`${what.padEnd(24)} page ${megabytes(one)}, worker ${megabytes(worker)}, longest task ${task.toFixed(0)} ms`);
    }
    console.log(`the browser's process at most ${await peakOfProcess(browser)}, its own needs included`);
    return [
      ["10 million requests: page + worker, counted", megabytes(atCounting.page + atCounting.worker), "300 MB"],
      ["  at the last step", megabytes(atEnd.page + atEnd.worker), "300 MB"],
      ["  longest task of the page: read, counted, stepped", [atReading, atCounting, atEnd].map(({ task }) => task.toFixed(0)).join(" / ") + " ms", "no long freeze"],
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}
