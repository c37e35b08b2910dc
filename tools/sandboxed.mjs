// Writes sandboxed.js and sandboxed-worker.js into a build: the programs of the page and of the
// worker, each as one classic script.
//
// In an iframe with sandbox="allow-scripts" alone the origin is opaque. Module scripts and fetches
// are CORS requests there, and a plain static server sends no CORS headers; a classic script is
// not, so these files load from anywhere. The binary is packed, because base64 alone would make it
// a third larger and hide its redundancy from the server's compression. www/loader.js unpacks it.
//
// Trunk runs this after each build and names the folder in TRUNK_STAGING_DIR.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.env.TRUNK_STAGING_DIR ?? "dist";
const level = process.env.TRUNK_PROFILE === "debug" ? 1 : 9;

function fail(message) {
  console.error(`sandboxed.mjs: ${message}`);
  process.exit(1);
}

function bundle(name, glue, wasm) {
  const text = readFileSync(join(folder, glue), "utf8");
  const outside = text.match(/^\s*(?:import|export)\b[^;]*\bfrom\s*["']([^"']+)["']/m);
  if (outside) {
    fail(`${glue} imports ${outside[1]}, which a sandboxed iframe cannot load; write it in Rust instead of a snippet`);
  }
  const packed = gzipSync(readFileSync(join(folder, wasm)), { level }).toString("base64");
  const script = `window.sluiceSandboxed = { glue: ${JSON.stringify(text)}, wasm: "${packed}" };\n`;
  writeFileSync(join(folder, name), script);
}

const page = readFileSync(join(folder, "index.html"), "utf8");
const names = page.match(/window\.sluiceProgram = \{ glue: "([^"]+)", wasm: "([^"]+)" \}/);
if (!names) fail(`${folder}/index.html does not name its program (see pattern_script in Trunk.toml)`);

bundle("sandboxed.js", basename(names[1]), basename(names[2]));
bundle("sandboxed-worker.js", "worker.js", "worker_bg.wasm");
