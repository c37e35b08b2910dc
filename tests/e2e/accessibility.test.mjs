// Every lab holds WCAG 2.2 AA and fits its window, light and dark, on wide screens and narrow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sideways, violations } from "./axe.mjs";
import { labs, launch, ready, serveSite } from "./site.mjs";

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

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390, 320]) {
    for (const lab of labs) {
      test(`${lab.name} is accessible, ${colorScheme}, ${width} px wide`, async () => {
        const context = await browser.newContext({
          colorScheme,
          reducedMotion: "reduce",
          viewport: { width, height: 800 },
        });
        try {
          const page = await context.newPage();
          await page.goto(site.address + lab.link);
          await ready(page);
          const found = [...(await violations(page)), ...(await sideways(page))];
          assert.ok(found.length === 0, `\n${found.join("\n")}`);
        } finally {
          await context.close();
        }
      });
    }
  }
}
