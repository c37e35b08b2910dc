// Puts the programs that hold one chapter each into a finished site, and tells its page which of them holds
// which labs. The arguments are the site's folder and the one where, for each chapter of chapters.json,
// wasm-bindgen and wasm-opt have left `CHAPTER.js` and `CHAPTER_bg.wasm`.
//
// Their names carry what is in them, so that a browser never mixes the files of two builds.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [site, made] = process.argv.slice(2);
const chapters = JSON.parse(readFileSync(new URL("chapters.json", import.meta.url), "utf8"));

const programs = Object.entries(chapters).map(([chapter, labs]) => {
  const [glue, wasm] = [`${chapter}.js`, `${chapter}_bg.wasm`].map((name) => join(made, name));
  const hash = createHash("sha256").update(readFileSync(glue)).update(readFileSync(wasm)).digest("hex").slice(0, 16);
  const name = `${chapter}-${hash}`;
  copyFileSync(glue, join(site, `${name}.js`));
  copyFileSync(wasm, join(site, `${name}_bg.wasm`));
  return { labs, glue: `./${name}.js`, wasm: `./${name}_bg.wasm` };
});

const index = join(site, "index.html");
const page = readFileSync(index, "utf8");
const whole = "<script>window.sluiceProgram = ";
if (!page.includes(whole)) throw new Error(`${index} does not name its program (see pattern_script in Trunk.toml)`);
writeFileSync(index, page.replace(whole, `<script>window.sluiceChapters = ${JSON.stringify(programs)};</script>${whole}`));
