// Writes sources.js into a build: the texts of the algorithms' files, for the source panel. They are
// the very files that the build was made of. A classic script, because that loads in an iframe with
// an opaque origin too (tools/sandboxed.mjs says why).
//
// Trunk runs this after each build and names the folder in TRUNK_STAGING_DIR.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TRUNK_STAGING_DIR ?? "dist";
const FLOORS = ["cache", "compression", "invalidation", "queue", "limit", "pressure"];

const files = FLOORS.flatMap((floor) => {
  const below = readdirSync(join("src", floor), { recursive: true });
  return below.filter((name) => name.endsWith(".rs")).map((name) => `src/${floor}/${name.replaceAll("\\", "/")}`);
});
// Only what can be shown: files that have rules, which name themselves.
const texts = files.sort().map((file) => [file, readFileSync(file, "utf8")]);
const shown = texts.filter(([, text]) => text.includes("file!()"));
writeFileSync(join(folder, "sources.js"), `window.sluiceTexts = ${JSON.stringify(Object.fromEntries(shown))};\n`);
