// Long work: in a worker, and in the page's own thread where no worker can work.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaintsOf, launch, ready, serveSite } from "./site.mjs";

/** Too many requests for the page to generate and count without help. */
const LONG = "#/eviction?policies=lru,sieve&capacity=500&workload=zipf:0.9:5000:300000&seed=1";
/** So many that a person has time to cancel. */
const LONGER = LONG.replace("300000", "5000000");
const FILE = "#/eviction?policies=lru,fifo&capacity=3&workload=file:x";
const PATIENCE = { timeout: 60_000 };

const sandboxed = (link) => `<!doctype html><html lang="en"><title>A lesson</title><link rel="icon" href="data:,">
<iframe src="/courses/sluice/${link.replaceAll("&", "&amp;")}" sandbox="allow-scripts" width="900" height="700"></iframe>`;
const pages = { "/long.html": sandboxed(LONG), "/longer.html": sandboxed(LONGER), "/file.html": sandboxed(FILE) };

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serveSite({ pages });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** In every frame, keeps all values that the progress bar has had. */
function watchProgress() {
  window.progressSeen = new Set();
  const look = () => {
    const bar = document.querySelector("#progress");
    if (bar) window.progressSeen.add(bar.value);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * Opens an address in a fresh browser context. The test gets the page, the frame that Sluice runs
 * in, and the names of the files that were asked for; `prepare` may get in the way of some.
 */
async function visit(address, use, { prepare, expected = [] } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  try {
    await context.addInitScript(watchProgress);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
    await prepare?.(page);
    await page.goto(address);
    const iframe = await page.$("iframe");
    const frame = iframe ? await iframe.contentFrame() : page.mainFrame();
    await ready(frame);
    await use({ page, frame, asked });
    const unexpected = complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(unexpected, []);
  } finally {
    await context.close();
  }
}

const requests = (count) => (frame) =>
  frame.waitForFunction((count) => document.querySelector(".request .count")?.textContent.endsWith(`of ${count}`), count, PATIENCE);
const counted = (frame) =>
  frame.waitForFunction(() => document.querySelector(".charts table") && !document.querySelector("#progress"), null, PATIENCE);
const figures = (frame) => frame.locator(".charts tbody td").allInnerTexts();
const progress = (frame) => frame.evaluate(() => [...window.progressSeen].filter((value) => value > 0 && value < 1).length);

/** The figures of the long run as the worker counts them. */
let expected;

test("long work is done in a worker", () =>
  visit(server.address + LONG, async ({ page, frame, asked }) => {
    await requests("300,000")(frame);
    await counted(frame);
    expected = await figures(frame);
    assert.ok(expected.length >= 6, `the table has ${expected.length} figures`);
    assert.equal(page.workers().length, 1);
    assert.equal(asked.filter((name) => name === "worker_bg.wasm").length, 1);
    assert.ok(!asked.includes("sandboxed-worker.js"));
  }));

test("in a sandboxed iframe without CORS headers long work is done in its own thread, with the same figures", () =>
  visit(`${server.origin}/long.html`, async ({ page, frame, asked }) => {
    await requests("300,000")(frame);
    await counted(frame);
    assert.deepEqual(await figures(frame), expected);
    assert.ok((await progress(frame)) > 1, "the progress bar has moved");
    assert.equal(page.workers().length, 0);
    assert.equal(asked.filter((name) => name === "sandboxed-worker.js").length, 1);
  }));

test("a sandboxed iframe loads the program for long work only when there is some", () =>
  visit(`${server.origin}/file.html`, async ({ page, frame, asked }) => {
    assert.ok(!asked.includes("sandboxed-worker.js"));
    const content = "cat\ndog\ncat\nhen\npig\ncat\n";
    const mine = { name: "mine.txt", mimeType: "text/plain", buffer: Buffer.from(content) };
    await frame.setInputFiles("#file", mine);
    await requests("6")(frame);
    assert.ok(asked.includes("sandboxed-worker.js"));
    await frame.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["cat\ndog\ncat\nhen\n"], "dropped.txt"));
      document.querySelector(".page").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
    });
    await requests("4")(frame);
    assert.equal(page.workers().length, 0);
  }));

/** Cancels as soon as the bar with that label shows at least so much. */
const cancel = (frame, label, least) =>
  frame.waitForFunction(([label, least]) => {
    const bar = document.querySelector("#progress");
    if (!bar || !bar.labels[0].textContent.startsWith(label) || bar.value < least) return false;
    document.querySelector(".waiting button").click();
    return true;
  }, [label, least], PATIENCE);
const barGone = (frame) => frame.waitForFunction(() => !document.querySelector("#progress"), null, PATIENCE);

for (const [where, address] of [["in the worker", () => server.address + LONGER], ["in the page's own thread", () => `${server.origin}/longer.html`]]) {
  test(`a long run ${where} can be cancelled, and counted again`, () =>
    visit(address(), async ({ frame }) => {
      await cancel(frame, "Counting", 0.001);
      await barGone(frame);
      assert.match(await frame.innerText(".waiting"), /^Counted [\d,]+ of 5,000,000 /);
      await frame.locator(".waiting button").click();
      await cancel(frame, "Counting", 0.001);
      await barGone(frame);
    }));

  for (const [when, least] of [["before it has begun", 0], ["half-way", 0.001]]) {
    test(`reading ${where} can be cancelled ${when}`, () =>
      visit(address(), async ({ frame }) => {
        await cancel(frame, "Reading", least);
        await barGone(frame);
        assert.match(await frame.innerText(".waiting[role=alert]"), /cancelled/);
      }));
  }
}

test("where the worker does not load, the page does without", () =>
  visit(server.address + LONG, async ({ page, frame }) => {
    await requests("300,000")(frame);
    await counted(frame);
    assert.deepEqual(await figures(frame), expected);
    assert.equal(page.workers().length, 0);
  }, {
    prepare: (page) => page.route("**/worker_loader.js", (route) => route.fulfill({ status: 404, body: "gone" })),
    expected: [/worker_loader\.js/],
  }));

test("where the worker's binary comes only at the second try, the page does without", () => {
  let tries = 0;
  return visit(server.address + LONG, async ({ page, frame }) => {
    await requests("300,000")(frame);
    await counted(frame);
    assert.deepEqual(await figures(frame), expected);
    assert.equal(tries, 2);
    assert.equal(page.workers().length, 0);
  }, {
    prepare: (page) => page.context().route("**/worker_bg.wasm", (route) =>
      (tries += 1) === 1 ? route.fulfill({ status: 404, body: "gone" }) : route.continue()),
    expected: [/worker/],
  });
});

test("where nothing can do the long work, the page says so and goes on", () =>
  visit(`${server.origin}/long.html`, async ({ frame }) => {
    await frame.waitForSelector(".waiting[role=alert]", PATIENCE);
    assert.match(await frame.innerText(".waiting"), /did not start/);
    await frame.selectOption("#workload", "loop");
    await frame.waitForSelector(".request .count");
    await counted(frame);
  }, {
    prepare: (page) => page.route("**/sandboxed-worker.js", (route) => route.fulfill({ status: 404, body: "gone" })),
    expected: [/sandboxed-worker\.js/],
  }));
