// The labs of limits and of backpressure in the hands of a person: pad, access log, worst case, checks.
import assert from "node:assert/strict";
import { atStep, count, drawn, press, stage, visits } from "./visit.mjs";

const CLASSICS = "#/rate-limit?limiters=fixed-window,sliding-log,token-bucket,leaky-bucket&arrivals=on-off:30:0.7:0.9&requests=90&seed=3";
const LOG = [
  '10.0.0.7 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 12',
  '10.0.0.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 12',
  '10.0.0.7 - - [10/Oct/2026:13:55:37 +0000] "GET /b HTTP/1.1" 200 12',
].join("\n");

const visiting = visits();

visiting("every limiter shows its state, and steps go forward and exactly back", CLASSICS, async (page) => {
  const seen = [await stage(page)];
  for (let step = 1; step <= 30; step += 1) {
    await press(page, "ArrowRight");
    seen.push(await stage(page));
  }
  await atStep(page, 30);
  for (let step = 29; step >= 0; step -= 1) {
    await press(page, "ArrowLeft");
    assert.equal(await stage(page), seen[step], `step ${step}`);
  }
  for (const name of ["window", "log", "tokens", "departures"]) assert.match(await stage(page), new RegExp(name, "i"), name);
});

visiting("four limiters stand two in a row, so that they are seen on one screen", `${CLASSICS}&step=40`, async (page) => {
  await atStep(page, 40);
  const tops = await page.locator(".panel").evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().top));
  assert.equal(tops[0], tops[1]);
  assert.equal(tops[2], tops[3]);
});

visiting("a refusal says why and when to come back, and what the response would be", `${CLASSICS}`, async (page) => {
  await press(page, "t");
  const text = await page.innerText(".panels");
  assert.match(text, /is refused.*: .*\./s);
  assert.match(text, /429 Too Many Requests/);
  assert.match(text, /Retry-After: \d+/);
});

visiting("taps on the pad are requests, and stand in the link", "#/rate-limit?limiters=gcra:rate=1:burst=2,fixed-window:limit=2&arrivals=times:0,5&seed=1", async (page) => {
  for (let tap = 0; tap < 3; tap += 1) {
    await page.click(".tap");
    await page.waitForTimeout(120);
  }
  await page.waitForFunction(() => document.querySelector(".pad .quiet").textContent.startsWith("3 taps in"));
  await page.waitForFunction(() => /arrivals=times:0,0\.\d+,0\.\d+/.test(location.hash));
  assert.match(await page.innerText(".request .key"), /request 3/i);
  assert.match(await stage(page), /refused/);
  await page.click("text=Begin anew");
  await page.focus(".tap");
  await press(page, "Enter");
  await page.waitForFunction(() => /arrivals=times:0(&|$)/.test(location.hash));
});

visiting("an access log is taken from this device, with its clients", "#/rate-limit?limiters=gcra:rate=1:burst=1&arrivals=log:access.log&seed=1", async (page) => {
  assert.match(await page.innerText(".waiting"), /access\.log/);
  await page.evaluate(() => document.querySelectorAll("details.settings").forEach((details) => (details.open = true)));
  await page.setInputFiles("#file", { name: "mine.log", mimeType: "text/plain", buffer: Buffer.from(LOG) });
  await page.waitForFunction(() => document.querySelector(".request .count")?.textContent.includes(" of "));
  await press(page, "End");
  assert.match(await page.innerText(".why"), /10\.0\.0\.\d/);
  assert.match(page.url(), /log:mine\.log/);
});

visiting("a log without times is refused in words", "#/rate-limit?limiters=gcra&arrivals=log:x&seed=1", async (page) => {
  await page.evaluate(() => document.querySelectorAll("details.settings").forEach((details) => (details.open = true)));
  await page.setInputFiles("#file", { name: "x", mimeType: "text/plain", buffer: Buffer.from("hello\n") });
  await page.waitForSelector(".waiting[role=alert]");
  assert.match(await page.innerText(".waiting"), /line 1.*hello.*access log/s);
});

visiting("the page finds the worst that can come, and it is what is proven", "#/worst-case?limiters=fixed-window,sliding-log,token-bucket,gcra:burst=3&arrivals=worst&window=1&seed=1", async (page) => {
  const table = await page.innerText(".theory");
  for (const [name, most] of [["Fixed window", 20], ["Sliding log", 10], ["Token bucket", 19], ["GCRA", 12]]) {
    assert.match(table, new RegExp(`${name}[\\s\\S]*?${most}\\s+${most}\\s+✓ reached`), name);
  }
});

visiting("a limiter is held against the tests of its project", "#/rate-limit?limiters=gcra,guava&arrivals=poisson:12&seed=1", async (page) => {
  await page.click(".checks button");
  await page.waitForFunction(() => /throttled/.test(document.querySelector(".checks").textContent));
});

visiting("memory and work are measured at ten and at a million keys", "#/rate-limit?limiters=gcra,sliding-log:limit=4&arrivals=poisson:12&seed=1", async (page) => {
  await page.click(".weight button");
  await page.waitForSelector(".weight table", { timeout: 60_000 });
  const rows = await page.locator(".weight tbody tr").allInnerTexts();
  const numbers = rows.map((row) => row.match(/[\d.]+/g).slice(-4).map(Number));
  assert.equal(numbers[0][0], numbers[0][2], "GCRA keeps as much for a key whether there are ten or a million");
  assert.ok(numbers[1][0] > numbers[0][0], "a log is longer than a point in time");
});

visiting("one limit at many nodes: only those that race or synchronise go over", "#/shared-limit", async (page) => {
  assert.match(await page.innerText("#charts-room"), /Split never goes over the limit[\s\S]*Read, then write goes over the limit by/);
});

visiting("nothing ends with a killed process, and a bound does not", "#/backpressure", async (page) => {
  await press(page, "l");
  assert.notEqual(await count(page), "event 0 of 0");
  const rows = await page.locator("#charts-room tbody tr").allInnerTexts();
  assert.match(rows[0], /^Nothing\s+83\.0 %/);
  assert.match(rows[1], /^Block.*\s100\.0 %/);
});

visiting("a chain is drawn a stage a row", "#/pipelines?step=300", async (page) => {
  await atStep(page, 300);
  assert.equal(await page.locator(".panel .flow").count(), 3);
  await drawn(page);
});

visiting("embedded on a phone, nothing scrolls sideways", `?embed${CLASSICS}&step=20`, async (page) => {
  await atStep(page, 20);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}, { viewport: { width: 320, height: 480 } });

visiting("a chain fits into the frame of a course page", "?embed#/pipelines?step=700", async (page) => {
  await atStep(page, 700);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}, { viewport: { width: 640, height: 420 } });

visiting("an empty log is refused in words", "#/rate-limit?limiters=gcra&arrivals=log:x&seed=1", async (page) => {
  await page.evaluate(() => document.querySelectorAll("details.settings").forEach((details) => (details.open = true)));
  await page.setInputFiles("#file", { name: "x", mimeType: "text/plain", buffer: Buffer.from("") });
  await page.waitForSelector(".waiting[role=alert]");
  assert.match(await page.innerText(".waiting"), /an empty file.*at least one request/s);
});
