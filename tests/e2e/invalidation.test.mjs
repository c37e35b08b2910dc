// The labs of invalidation in the hands of a person: a crash that names the writes, troubles at a click, the table
// of all strategies, races that are built by hand and closed, and the worker that counts.
import assert from "node:assert/strict";
import { atStep, PATIENCE, press, stage, visits } from "./visit.mjs";

const CRASH = "#/invalidation?strategies=write-behind:age=0.9,write-behind:age=0.9:coalesce=no,write-through&arrivals=constant:4&operations=12&writes=0&keys=3&script=w1,w1,w2,w1,w1,w3,w1,r1,r2,r3&troubles=restart@1.9&write=constant:0.015&read=constant:0.01&seed=1";
const SMALL = "#/invalidation?strategies=ttl,cache-aside&arrivals=poisson:50&operations=60&writes=0.2&keys=4&seed=1";

const visiting = visits();

visiting("steps go forward and exactly back, and each says why", SMALL, async (page) => {
  const seen = [await stage(page)];
  for (let step = 1; step <= 40; step += 1) {
    await press(page, "ArrowRight");
    seen.push(await stage(page));
  }
  await atStep(page, 40);
  assert.match(await page.innerText(".why"), /: .*\./s);
  for (let step = 39; step >= 0; step -= 1) {
    await press(page, "ArrowLeft");
    assert.equal(await stage(page), seen[step], `step ${step}`);
  }
});

visiting("a crash before the flush says exactly which writes are gone", CRASH, async (page) => {
  await press(page, "End");
  const panels = await page.locator(".panel").allInnerTexts();
  for (const panel of panels.slice(0, 2)) {
    const [, lost] = panel.match(/lost for good: writes ([\d, ]+)/);
    assert.deepEqual(lost.split(", ").map(Number).sort(), [5, 6, 7]);
  }
  assert.doesNotMatch(panels[2], /lost for good/);
});

visiting("a trouble at a click is in the link, happens next, and leaves the past as it was", SMALL, async (page) => {
  for (let step = 0; step < 30; step += 1) await press(page, "ArrowRight");
  await atStep(page, 30);
  const before = await stage(page);
  await page.click(".acts button:has-text('cache restarts')");
  await atStep(page, 31);
  await page.waitForFunction(() => /troubles=restart@0\.\d+/.test(location.hash), null, PATIENCE);
  assert.match(await page.innerText(".why li[aria-current]"), /The cache restarts/);
  await press(page, "ArrowLeft");
  await atStep(page, 30);
  assert.equal(await stage(page), before);
});

visiting("a stale read is found, and said to be how old", SMALL, async (page) => {
  await press(page, "l");
  assert.match(await stage(page), /out of date/);
  assert.match(await page.innerText(".why"), /TTL/);
});

visiting("all strategies stand in one table, each figure with its reason", SMALL, async (page) => {
  await page.waitForSelector(".weight tbody tr:nth-child(11)", PATIENCE);
  const rows = await page.locator(".weight tbody tr").allInnerTexts();
  assert.equal(rows.length, 11);
  for (const row of rows) assert.equal(row.match(/because/g).length, 4, row);
  assert.match(rows.join("\n"), /Write-behind/);
});

visiting("the source that ran is marked, in a strategy and in what it stands on", `${SMALL}&step=20`, async (page) => {
  await atStep(page, 20);
  await page.waitForSelector(".source .on", PATIENCE);
  assert.match(await page.innerText("#source"), /invalidation\//);
});

visiting("the life of a write is told under each strategy", `${SMALL}&step=60`, async (page) => {
  await page.fill(".life input", "3");
  await press(page, "Enter");
  await page.waitForFunction(() => /begins/.test(document.querySelector(".life").textContent), null, PATIENCE);
});

visiting("a race is found, stepped through, and closed by leases and by versions", "#/races?strategies=cache-aside:ttl=never,lease:ttl=never,compare-and-set:ttl=never&clients=r,w", async (page) => {
  const text = await stage(page);
  assert.match(text, /10 schedules, 1 of them leaves an old value/);
  assert.equal(text.match(/None of \d+ schedules/g).length, 2);
  await press(page, "End");
  const panels = await page.locator(".panel").allInnerTexts();
  assert.match(panels[0], /old/);
  for (const panel of panels.slice(1)) assert.doesNotMatch(panel, /which is old/);
});

visiting("somebody else can go next, and the link carries the order", "#/races?strategies=cache-aside:ttl=never&clients=r,w", async (page) => {
  await page.click(".station:has-text('client 2') .act");
  await page.waitForFunction(() => /schedule=2/.test(location.hash), null, PATIENCE);
});

visiting("the largest exploration is counted by the worker within seconds", "#/races?strategies=cache-aside,lease&clients=rwrw,wrwr,rrww", async (page) => {
  await page.waitForSelector(".panel", PATIENCE);
  assert.match(await stage(page), /schedules/);
  assert.equal(page.workers().length, 1);
});

visiting("an exploration can be cut short, and the stage does not go on with it", "#/races?strategies=lease,lease:ttl=never,double-delete&clients=rwrr,wwrw,wrwr&harm=read&evictions=3", async (page) => {
  await page.waitForFunction(() => {
    const bar = document.querySelector("#progress");
    if (!bar || bar.value <= 0) return false;
    document.querySelector(".waiting button").click();
    return true;
  }, null, PATIENCE);
  await page.waitForSelector(".panel", PATIENCE);
  assert.equal(await page.locator("#progress").count(), 0);
  assert.equal((await stage(page)).match(/Not all schedules were tried/g).length, 3);
  assert.equal(page.workers().length, 1);
  await page.click(".waiting button:has-text('Count again')");
  await page.waitForFunction(() => !/Not all schedules/.test(document.querySelector(".panels").innerText), null, PATIENCE);
  assert.match(await stage(page), /schedules/);
});

visiting("who waits for another’s fetch takes no step of its own", "#/races?strategies=read-through:ttl=never&clients=r,r&schedule=1,2", async (page) => {
  await press(page, "End");
  assert.match(await stage(page), /client 2[^]*waits for another/);
  assert.equal(await page.locator(".station:has-text('client 2') .act").count(), 0);
});

visiting("measured dice stand beside the curve", "#/stampede?strategies=xfetch:ttl=5&arrivals=poisson:200&operations=4000&writes=0&keys=40&skew=0&read=constant:0.4&timeout=10&seed=1&chart=early", async (page) => {
  await page.waitForSelector(".charts-room svg", PATIENCE);
  assert.match(await page.innerText(".charts-room"), /the lines are e/);
});

visiting("a bad trouble is refused by name, and the rest of the link still works", "#/invalidation?strategies=ttl&operations=50&troubles=flood@2", async (page) => {
  const text = await page.innerText("body");
  assert.match(text, /flood@2/);
  assert.match(text, /restart@2/);
  assert.match(text, /of 50/);
});

visiting("values are compressed in the page, and the reader’s own time is measured when asked", "#/compression?codecs=none,lz4&values=json&size=500&keys=30&requests=100&capacity=5&seed=1", async (page) => {
  await press(page, "ArrowRight");
  await page.click(".weight button");
  await page.waitForSelector(".weight tbody tr", PATIENCE);
});

visiting("a text of one’s own is compressed as it stands, and the link carries it", "#/compression?codecs=none,lz4&values=json&size=500&keys=30&requests=100&capacity=5&seed=1", async (page) => {
  assert.equal(await page.locator("#text").count(), 0);
  await page.selectOption("#values", "own");
  assert.equal(await page.locator("#size").count(), 0);
  await page.getByLabel("Text", { exact: true }).fill(`${"ha ".repeat(200)}\n`);
  await press(page, "ArrowLeft", "Tab");
  await page.waitForFunction(() => /text=ha%20ha.*%20%0A/.test(location.hash), null, PATIENCE);
  assert.match(await page.innerText("#text-means"), /601 of 4,000 characters/);
  await page.click(".brand");
  await press(page, "ArrowRight");
  await page.waitForFunction(() => /kept in \d+ bytes instead of 601/.test(document.body.innerText), null, PATIENCE);
  await page.fill("#text", "");
  await press(page, "Tab");
  await page.waitForSelector("#text[aria-invalid=true]", PATIENCE);
  assert.match(await page.innerText("#text-hint"), /1 to 4,000 characters/);
});
