// The eviction lab in the hands of a person: keyboard, mouse, links, files, charts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ready, root } from "./site.mjs";
import { atStep as atStepOf, count, drawn, press, stage, visits } from "./visit.mjs";

const SCAN = "#/eviction?policies=lru,sieve&capacity=8&workload=zipf:0.7:6:30;scan:14@6;zipf:0.7:6:30&seed=1";

const visiting = visits();

const atStep = (page, step) => atStepOf(page, step, "request");

visiting("arrows step forward and exactly back", SCAN, async (page) => {
  const seen = [];
  for (let step = 1; step <= 40; step += 1) {
    await press(page, "ArrowRight");
    seen.push(await stage(page));
  }
  assert.match(await count(page), /^request 40 of 74$/);
  for (let step = 39; step >= 1; step -= 1) {
    await press(page, "ArrowLeft");
    assert.equal(await stage(page), seen[step - 1], `step ${step}`);
  }
});

visiting("every step says why, in the caption, the log and the live region", `${SCAN}&step=40`, async (page) => {
  const because = await page.locator(".panel .because").allInnerTexts();
  assert.equal(because.length, 2);
  for (const sentence of because) assert.match(sentence, /^\S.*: .*\.$/);
  assert.match(await page.innerText(".why li[aria-current]"), /40/);
  assert.match(await page.innerText("[aria-live]"), /^40 asks for/);
});

visiting("d finds the first difference and says which rule made it", SCAN, async (page) => {
  await press(page, "d");
  const difference = await page.innerText(".stage .difference");
  assert.match(difference, /LRU let \S+ go at request \d+: .*SIEVE still has it\./);
  assert.deepEqual(await page.locator(".verdict").allInnerTexts(), ["✕\u00a0miss", "✓\u00a0hit"]);
});

visiting("m, e and their capitals jump, Home and End go to the ends", SCAN, async (page) => {
  await press(page, "End");
  await atStep(page, 74);
  await press(page, "Shift+E");
  const last = await count(page);
  assert.notEqual(last, "request 74 of 74");
  await press(page, "Home");
  await atStep(page, 0);
  await press(page, "m");
  await atStep(page, 1);
});

visiting("space plays and stops", `${SCAN}&speed=16`, async (page) => {
  await press(page, "Space");
  await page.waitForFunction(() => Number(document.querySelector("[role=slider]").ariaValueNow) >= 5);
  await press(page, "Space");
  const stopped = await count(page);
  await page.waitForTimeout(300);
  assert.equal(await count(page), stopped);
});

visiting("playing faster changes no number", `${SCAN}&speed=1000`, async (page) => {
  const figures = await page.innerText(".charts table");
  await press(page, "Space");
  await atStep(page, 74);
  assert.equal(await page.innerText(".charts table"), figures);
});

visiting("a press on the timeline goes there", `${SCAN}&step=60`, async (page) => {
  const ticks = await page.locator(".ticks").boundingBox();
  await page.mouse.click(ticks.x + ticks.width * (36.5 / 74), ticks.y + 10);
  await atStep(page, 37);
  await page.mouse.move(ticks.x + ticks.width * (40.5 / 74), ticks.y + 10);
  await page.mouse.down();
  await page.mouse.move(ticks.x + ticks.width * (50.5 / 74), ticks.y + 10, { steps: 5 });
  await page.mouse.up();
  await atStep(page, 51);
});

visiting("a touch on the timeline goes there", SCAN, async (page) => {
  const ticks = await page.locator(".ticks").boundingBox();
  await page.touchscreen.tap(ticks.x + ticks.width * (20.5 / 74), ticks.y + 10);
  await atStep(page, 21);
}, { hasTouch: true });

visiting("the link restores the very state", `${SCAN}&step=47`, async (page) => {
  const shown = await stage(page);
  await page.waitForFunction(() => location.hash.includes("step=47"));
  const again = await page.context().newPage();
  await again.goto(page.url());
  await ready(again);
  assert.equal(await stage(again), shown);
});

const REFUSED = [
  ["capacity=0", /capacity: “0” is not allowed; use a whole number from 1 to/],
  ["workload=zipf:NaN:40:200", /“NaN”/],
  ["policies=lru,belady", /“belady”.*one of fifo, lru/],
  ["policies=lru,lru,lru,lru,lru", /“5”.*1 to 4/],
  ["seed=-1", /seed: “-1”/],
  ["colour=red", /colour: “red”.*one of policies, capacity, workload, seed/],
  ["step=soon", /step: “soon”/],
  ["workload=trace:nothing", /“nothing”.*sqlite-pages/],
];
for (const [wrong, said] of REFUSED) {
  visiting(`a link with ${wrong} says so, and the rest works`, `#/eviction?policies=fifo,arc&capacity=5&workload=loop:6:30&${wrong}`, async (page) => {
    assert.match(await page.innerText(".notice"), said);
    await press(page, "ArrowRight");
    await atStep(page, 1);
    await page.click(".notice button");
    assert.equal(await page.locator(".notice").count(), 0);
  });
}

visiting("a wrong entry is refused where it was made, and nothing is lost", `${SCAN}&step=12`, async (page) => {
  await page.fill("#capacity", "0");
  await press(page, "Tab");
  assert.match(await page.innerText(".refused"), /whole number from 1/);
  assert.match(await count(page), /^request 12 of 74$/);
  await page.fill("#capacity", "5");
  await press(page, "Tab");
  await atStep(page, 0);
  assert.match(await page.innerText(".panels"), /of 5/);
  await page.waitForFunction(() => location.hash.includes("capacity=5"));
});

visiting("back and forward of the browser work", SCAN, async (page) => {
  await page.selectOption("#preset", { label: "One loop too large" });
  await page.waitForFunction(() => document.querySelectorAll(".panel").length === 4);
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll(".panel").length === 2);
  await page.goForward();
  await page.waitForFunction(() => document.querySelectorAll(".panel").length === 4);
});

visiting("every preset opens and makes its run", "", async (page) => {
  const presets = await page.locator("#preset option").count();
  for (let at = 0; at < presets; at += 1) {
    await page.selectOption("#preset", { index: at });
    await page.waitForSelector(".charts table", { timeout: 60_000 });
    assert.ok((await page.innerText(".title p")).length > 40);
    await press(page, "End");
    await page.waitForFunction(() => document.querySelector("[role=slider]").ariaValueNow === document.querySelector("[role=slider]").ariaValueMax, null, { timeout: 60_000 });
  }
});

visiting("policies are added, changed, set and removed", SCAN, async (page) => {
  await page.click("text=Add a policy");
  assert.equal(await page.locator(".panel").count(), 3);
  await page.selectOption("[aria-label='policy 3']", "s3-fifo");
  await page.click(".chip:nth-child(3) summary");
  await page.fill("#variant-2-threshold", "2");
  await press(page, "Tab");
  await page.waitForFunction(() => location.hash.includes("s3-fifo:threshold=2"));
  assert.match(await stage(page), /S3-FIFO, threshold 2/);
  await page.click("[aria-label='Remove S3-FIFO, threshold 2']");
  assert.equal(await page.locator(".panel").count(), 2);
});

visiting("keys can be typed by hand", "#/eviction?policies=fifo:capacity=3,fifo:capacity=4&capacity=3&workload=keys:a,b", async (page) => {
  await page.fill("#workload-typed", "1 2 3 4 1 2 5 1 2 3 4 5");
  await press(page, "Tab");
  await page.waitForFunction(() => document.querySelector(".request .count").textContent.endsWith("of 12"));
  const misses = await page.locator(".charts tbody td:nth-child(3)").allInnerTexts();
  assert.deepEqual(misses, ["9", "10"], "Belady's anomaly, 1969");
});

visiting("the worker's figures are those of the independent simulator", "#/eviction?policies=lru,sieve,arc,s3-fifo:threshold=2&capacity=300&workload=trace:sqlite-pages", async (page) => {
  await page.waitForSelector(".charts table", { timeout: 60_000 });
  const golden = JSON.parse(readFileSync(join(root, "tests/golden/eviction.json"), "utf8"));
  const expected = ["LRU", "SIEVE", "ARC", "S3-FIFO"].map((policy) =>
    golden.rows.find((row) => row.trace === "sqlite-pages" && row.capacity === 300 && row.policy === policy).misses.toLocaleString("en"));
  assert.deepEqual(await page.locator(".charts tbody td:nth-child(3)").allInnerTexts(), expected);
  await press(page, "End");
  await atStep(page, "135,413");
});

const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
const zstd = readFileSync(join(root, "www/traces/grep-blocks.txt.zst"));

visiting("a file of one's own is read, stepped and counted", "#/eviction?policies=lru,fifo&capacity=3&workload=file:x", async (page) => {
  assert.match(await page.innerText(".waiting"), /“x”/);
  await page.setInputFiles("#file", file("mine.txt", "cat\ndog\ncat\nhen\npig\ncat\n"));
  await page.waitForFunction(() => document.querySelector(".request .count")?.textContent.endsWith("of 6"));
  await press(page, "ArrowRight");
  assert.match(await stage(page), /cat/);
  await page.setInputFiles("#file", file("blocks.zst", zstd));
  await page.waitForFunction(() => document.querySelector(".request .count")?.textContent.endsWith("of 170,208"), null, { timeout: 60_000 });
});

const BAD_FILES = [
  ["an empty file", "", /empty/],
  ["a binary that is no trace", Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919 + (at >> 3) * 104729) % 256), /binary|trace/],
  ["a truncated zstd frame", zstd.subarray(0, 9000), /cut|end|truncated|whole/i],
  ["a key of a megabyte", "a\n" + "b".repeat(1 << 20) + "\n", /line 2|1,024|1024/],
];
visiting("files that are no traces are refused by name, and the page goes on", "#/eviction?policies=lru,fifo&capacity=3&workload=file:x", async (page) => {
  for (const [what, content, said] of BAD_FILES) {
    await page.setInputFiles("#file", file(`${what}.bin`, content));
    await page.waitForFunction((name) => document.querySelector(".waiting[role=alert]") && location.hash.includes(encodeURIComponent(name)), what, { timeout: 60_000 });
    assert.match(await page.innerText(".waiting"), said, what);
  }
  await page.selectOption("#workload", "loop");
  await press(page, "ArrowRight");
  await atStep(page, 1);
});

visiting("charts are read by keyboard and saved in three forms", SCAN, async (page) => {
  await page.focus(".plot");
  await press(page, "End");
  assert.match(await page.innerText(".readout"), /^At 74 requests: LRU \d+\.\d %, SIEVE \d+\.\d %$/);
  await press(page, "Home", "ArrowRight", "Enter");
  await atStep(page, 1);
  for (const kind of ["PNG", "SVG", "CSV"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.exports >> text=${kind}`)]);
    const content = readFileSync(await download.path());
    assert.equal(download.suggestedFilename(), `sluice-eviction-running.${kind.toLowerCase()}`);
    const start = { PNG: "\u0089PNG", SVG: "<svg", CSV: "policy,request" }[kind];
    assert.equal(content.subarray(0, start.length).toString("latin1"), start);
  }
  for (const view of ["Hit rate in windows", "Summary"]) {
    await page.click(`.tabs >> text=${view}`);
    assert.equal(await page.locator(".plot svg").count(), 1);
  }
});

visiting("the source panel shows the policy's file and marks the line that decided", `${SCAN}&step=40`, async (page) => {
  assert.match(await page.innerText(".source h2"), /^cache\/lru\.rs/);
  await page.waitForSelector(".source .on");
  await page.click(".panel:nth-child(2) .name");
  assert.match(await page.innerText(".source h2"), /^cache\/sieve\.rs/);
  assert.match(await page.innerText(".source .on >> nth=0"), /&[A-Z_]+/);
});

visiting("share gives the link, the embed code and the scenario", `${SCAN}&step=5`, async (page) => {
  await page.click("button >> text=Share");
  assert.match(await page.inputValue("#share-link"), /step=5$/);
  assert.match(await page.inputValue("#share-embed"), /^<iframe src=".*\?embed#\/eviction\?/);
  assert.equal(JSON.parse(await page.inputValue("#share-json")).lab, "eviction");
  await press(page, "Escape");
  assert.equal(await page.locator("dialog").count(), 0);
  await press(page, "?");
  assert.match(await page.innerText("dialog"), /one step on/);
});

visiting("embedded, there are the stage, the player and the caption alone", `?embed${SCAN}&step=20`, async (page) => {
  for (const gone of ["header", ".strip", ".charts", ".source", ".why"]) assert.equal(await page.locator(gone).count(), 0, gone);
  for (const there of [".panels", ".timeline", ".because >> nth=0", ".buttons"]) assert.ok(await page.isVisible(there), there);
  await press(page, "ArrowRight");
  await atStep(page, 21);
}, { viewport: { width: 640, height: 420 } });

visiting("the course page embeds two labs that work", "course/", async (page) => {
  for (const at of [0, 1]) {
    await page.locator("iframe").nth(at).scrollIntoViewIfNeeded();
    const frame = await (await page.locator("iframe").nth(at).elementHandle()).contentFrame();
    await ready(frame);
    const before = await frame.innerText(".request .count");
    await frame.click(".buttons .step");
    await drawn(frame);
    assert.notEqual(await frame.innerText(".request .count"), before);
  }
});

visiting("a thousand slots still step", "#/eviction?policies=lru&capacity=1000&workload=zipf:0.6:3000:6000&step=5000", async (page) => {
  assert.ok((await page.locator(".slot").count()) >= 1000);
  await press(page, "ArrowRight", "ArrowRight");
  await atStep(page, "5,002");
});

visiting("the theme is the system's until somebody chooses", SCAN, async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.click("text=Theme: system");
  assert.notEqual(await paper(), dark);
  await page.reload();
  await ready(page);
  assert.match(await page.innerText("header"), /light/);
}, { colorScheme: "dark" });
