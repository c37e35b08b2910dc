// The released page loads the program of the chapter that its address names, and another when one goes there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { complaintsOf, launch, ready, root, serveSite } from "./site.mjs";
import { PATIENCE, atStep } from "./visit.mjs";

const chapters = JSON.parse(readFileSync(join(root, "tools/chapters.json"), "utf8"));

let browser;
let site;
let asked = [];

before(async () => {
  browser = await launch();
  site = await serveSite({ seen: (path) => asked.push(path.split("/").at(-1)) });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** The chapters whose programs have been asked for since the last look; "sluice" is the program of all. */
function programs() {
  const names = asked.map((name) => /^([a-z]+)-[0-9a-f]{16}_bg\.wasm$/.exec(name)?.[1]).filter(Boolean);
  asked = [];
  return [...new Set(names)];
}

async function visit(link, use) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  asked = [];
  try {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(site.address + link);
    await ready(page);
    await use(page);
    // What was being fetched beforehand is given up when the page loads anew.
    assert.deepEqual(complaints.filter((complaint) => !complaint.includes("ERR_ABORTED")), []);
  } finally {
    await context.close();
  }
}

const present = (page) => page.innerText('nav .labs a[aria-current="page"]');
const goesTo = (page, name) =>
  page.waitForFunction((text) => document.querySelector('nav .labs a[aria-current="page"]')?.textContent === text, name, PATIENCE);

for (const [chapter, labs] of Object.entries(chapters)) {
  for (const lab of [labs[0], labs.at(-1)]) {
    test(`${lab} comes with the program of ${chapter} alone`, () =>
      visit(`#/${lab}`, async (page) => {
        assert.deepEqual(programs(), [chapter]);
        assert.equal(await page.getAttribute('nav .labs a[aria-current="page"]', "href"), `#/${lab}`);
        assert.equal(await page.locator("[role=alert]").count(), 0);
      }));
  }
}

test("the front, and what is unknown, come with the first chapter", async () => {
  await visit("", () => assert.deepEqual(programs(), ["caches"]));
  await visit("#/evictions?capacity=3", async (page) => {
    assert.deepEqual(programs(), ["caches"]);
    assert.match(await page.innerText(".notice"), /“evictions”.*eviction.*worker-pool.*pipelines/s);
  });
});

test("a link may be written in other ways", async () => {
  for (const link of ["#rate-limit", "#/rate%2Dlimit?step=3", "#//rate-limit/?step=3"]) {
    await visit(link, async (page) => {
      assert.deepEqual(programs(), ["limits"], link);
      assert.equal(await page.locator(".notice").count(), 0, link);
    });
  }
});

test("one goes to another chapter, on within it, and back to the same step", () =>
  visit("#/eviction?policies=lru&capacity=3&workload=zipf:0.7:6:30&seed=1&step=7", async (page) => {
    assert.deepEqual(programs(), ["caches"]);
    await atStep(page, 7, "request");
    await page.click('nav a[href="#/rate-limit"]');
    await goesTo(page, "Rate limits");
    assert.deepEqual(programs(), ["limits"]);
    await page.click('nav a[href="#/worst-case"]');
    await page.waitForURL(/#\/worst-case/);
    assert.notEqual(await present(page), "Rate limits");
    assert.deepEqual(programs(), []);
    await page.goBack();
    await goesTo(page, "Rate limits");
    await page.goBack();
    await atStep(page, 7, "request");
    assert.deepEqual(programs(), ["caches"]);
    await page.goForward();
    await goesTo(page, "Rate limits");
  }));

test("the program of another chapter is fetched when the pointer is on its link", () =>
  visit("#/eviction", async (page) => {
    programs();
    await page.hover('nav a[href="#/backpressure"]');
    await page.waitForFunction(() => document.querySelectorAll("link[rel=prefetch]").length === 2);
    await page.hover('nav a[href="#/compression"]');
    assert.equal(await page.locator("link[rel=prefetch]").count(), 2);
  }));
