// The release site as people meet it: below a path, in a frame, in a sandbox, from the disk.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { complaintsOf, dist, labs, launch, ready, serveSite } from "./site.mjs";

const lesson = (sandbox) => `<!doctype html><html lang="en"><title>A lesson</title>
<link rel="icon" href="data:,"><iframe src="/courses/sluice/" ${sandbox} width="640" height="420"></iframe>`;
const pages = {
  "/lesson.html": lesson(""),
  "/sandboxed.html": lesson('sandbox="allow-scripts"'),
};

/** A lab of each chapter, at a step at which much is said. */
const LAPTOP = ["eviction", "worker-pool", "rate-limit", "invalidation", "backpressure"];

let browser;
let plain;
let permissive;

before(async () => {
  browser = await launch();
  plain = await serveSite({ pages });
  permissive = await serveSite({ pages, cors: true });
});
after(async () => {
  await browser?.close();
  await plain?.close();
  await permissive?.close();
});

/** Opens an address in a fresh browser context and hands its page to the test. */
async function visit(address, use) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(address);
    await use(page, complaints);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

async function startsInFrame(page) {
  const handle = await page.waitForSelector("iframe");
  const frame = await handle.contentFrame();
  await ready(frame);
  assert.match(await frame.innerText("h1"), /\S/);
  return frame;
}

test("the page starts below a path", () =>
  visit(plain.address, async (page) => {
    await ready(page);
    assert.match(await page.innerText("h1"), /\S/);
    assert.equal(await page.locator("[role=alert]").count(), 0);
  }));

/** Starts the worker in a frame; resolves to what went wrong in its first second. */
const workerTrouble = (frame) => frame.evaluate(async () => {
  const worker = await window.sluiceWorker();
  return new Promise((resolve) => {
    worker.onerror = (event) => resolve(event.message || "the worker did not load");
    setTimeout(resolve, 1000, "");
  });
});

test("the worker starts below a path", () =>
  visit(plain.address, async (page) => {
    await ready(page);
    const binary = page.context().waitForEvent("response", (response) => response.url().endsWith("/worker_bg.wasm"));
    assert.equal(await workerTrouble(page), "");
    assert.equal((await binary).status(), 200);
  }));

test("the page starts in an iframe of the same origin", () =>
  visit(`${plain.origin}/lesson.html`, async (page) => {
    const frame = await startsInFrame(page);
    assert.notEqual(await frame.evaluate(() => window.origin), "null");
  }));

for (const [headers, server] of [["without", () => plain], ["with", () => permissive]]) {
  test(`the page starts in a sandboxed iframe of a server ${headers} CORS headers`, () =>
    visit(`${server().origin}/sandboxed.html`, async (page) => {
      const frame = await startsInFrame(page);
      assert.equal(await frame.evaluate(() => window.origin), "null");
      assert.equal(await workerTrouble(frame), "");
    }));
}

for (const { name, link } of labs.filter(({ name }) => LAPTOP.includes(name))) {
  test(`in a laptop's window the stage of ${name} has most of the height, and the player is in sight`, () =>
    visit(plain.address + link, async (page) => {
      await page.setViewportSize({ width: 1280, height: 760 });
      await ready(page);
      const [panels, player] = await Promise.all([".panels", ".player"].map((of) => page.locator(of).boundingBox()));
      assert.ok(player.y + player.height <= 760, `the player ends at ${player.y + player.height}`);
      assert.ok(player.height <= 140, `the player is ${player.height} high`);
      const least = Math.min(panels.height, 280);
      assert.ok(player.y - panels.y >= least, `the panels have ${player.y - panels.y} of ${panels.height}`);
    }));
}

test("what takes the focus on the stage is not left below the player", () =>
  visit(`${plain.address}#/worker-pool?step=60`, async (page) => {
    await page.setViewportSize({ width: 1280, height: 620 });
    await ready(page);
    let seen = 0;
    for (let tab = 0; tab < 60; tab += 1) {
      await page.keyboard.press("Tab");
      const hidden = await page.evaluate(() => {
        const focused = document.activeElement;
        if (!focused.closest(".panels")) return null;
        return focused.getBoundingClientRect().bottom - document.querySelector(".player").getBoundingClientRect().top;
      });
      if (hidden === null) continue;
      seen += 1;
      assert.ok(hidden <= 0, `${hidden} pixels are hidden`);
    }
    assert.ok(seen >= 4, `${seen} were on the stage`);
  }));

test("the page starts from the disk", () =>
  visit(pathToFileURL(join(dist, "index.html")).href, (page) => ready(page)));

test("a page whose program is missing says so", async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
    await page.goto(plain.address);
    assert.match(await page.innerText("[role=alert]"), /could not start/);
  } finally {
    await context.close();
  }
});
