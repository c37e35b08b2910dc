// Opening a link in a fresh browser, and waiting for what a person would wait for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaintsOf, launch, ready, serveSite } from "./site.mjs";

export const PATIENCE = { timeout: 60_000 };

/** Opens the site for the tests of a file, and returns what visits it. */
export function visits() {
  let browser;
  let site;

  before(async () => {
    browser = await launch();
    site = await serveSite();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a link in a fresh browser context, hands the page to the test, and wants a quiet console. */
  function visiting(name, link, use, { allowed = () => false, ...options } = {}) {
    test(name, async () => {
      const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 1280, height: 1100 }, ...options });
      try {
        const page = unhurried(await context.newPage());
        const complaints = complaintsOf(page);
        await page.goto(site.address + link);
        if (!link.startsWith("course")) await ready(page);
        await use(page);
        assert.deepEqual(complaints.filter((complaint) => !allowed(complaint)), []);
      } finally {
        await context.close();
      }
    });
  }

  return visiting;
}

export const stage = (page) => page.innerText(".panels");
export const count = (page) => page.innerText(".request .count");

/** Waits until what was done has been drawn: the page draws after the event, not within it. */
export const drawn = (frame) => frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

export async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await drawn(page);
  }
}

/** Makes the actions of `page` wait until they have been drawn. */
function unhurried(page) {
  for (const action of ["click", "fill", "selectOption"]) {
    const act = page[action].bind(page);
    page[action] = async (...given) => {
      await act(...given);
      await drawn(page);
    };
  }
  return page;
}

/** Waits for the step of that number; `event` or `request`, as the lab calls it. */
export const atStep = (page, step, name = "event") =>
  page.waitForFunction((text) => document.querySelector(".request .count")?.textContent.startsWith(text), `${name} ${step} of`, PATIENCE);
