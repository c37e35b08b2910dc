// Pictures of every lab: node tests/e2e/shots.mjs FOLDER, through ./dev shots.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { labs, launch, ready, serveSite } from "./site.mjs";

const devices = [
  { name: "desktop", viewport: { width: 1280, height: 800 }, query: "", fullPage: true },
  { name: "phone", viewport: { width: 390, height: 844 }, query: "", fullPage: true },
  { name: "embed", viewport: { width: 640, height: 420 }, query: "?embed", fullPage: false },
];

const folder = resolve(process.argv[2] ?? "shots");
mkdirSync(folder, { recursive: true });
const site = await serveSite();
const browser = await launch();
let failed = 0;
for (const device of devices) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce", viewport: device.viewport });
    for (const lab of labs) {
      const name = `${lab.name}-${device.name}-${colorScheme}.png`;
      const page = await context.newPage();
      try {
        await page.goto(site.address + device.query + lab.link);
        await ready(page);
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.screenshot({ path: join(folder, name), fullPage: device.fullPage });
        console.log(`  ${name}`);
      } catch (error) {
        failed += 1;
        console.error(`  ${name}: ${error.message}`);
      }
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
await site.close();
console.log(`pictures are in ${folder}${failed ? `, ${failed} could not be taken` : ""}`);
process.exitCode = failed ? 1 : 0;
