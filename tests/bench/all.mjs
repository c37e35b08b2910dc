// Everything that ./dev bench measures, and a summary. The arguments are further traces.
import { loadavg } from "node:os";
import { memory } from "./memory.mjs";
import { page } from "./browser.mjs";
import { decisions } from "./decisions.mjs";
import { events } from "./events.mjs";
import { operations } from "./operations.mjs";
import { geometric, rates } from "./rates.mjs";

const before = loadavg()[0];
const queue = await events();
const limits = await decisions();
const invalidation = await operations();
const { ratios, differences } = await rates(process.argv.slice(2));
const ratio = ratios.length ? `${geometric(ratios).toFixed(2)} times` : "libCacheSim is missing";
const lines = [
  ["Chromium / libCacheSim native", ratio, "5 times"],
  ["Chromium / SimPy", queue ? `${queue.toFixed(1)} times` : "SimPy is missing", "10 times"],
  ...limits,
  ...invalidation,
  ["misses that differ", String(differences), "0"],
  ...await page(),
  ...await memory(),
];

console.log("\nsummary".padEnd(54) + "measured".padEnd(28) + "aim");
for (const [what, measured, aim] of lines) console.log(what.padEnd(53) + measured.padEnd(28) + aim);
console.log(`The load of the machine was ${before.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after.`);
console.log("Chromium ran headless and without a graphics processor; it paints in software, beside the main thread.");
if (differences) process.exitCode = 1;
