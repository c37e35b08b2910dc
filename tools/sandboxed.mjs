// Writes sandboxed.js into a build: the page's program as one classic script.
//
// In an iframe with sandbox="allow-scripts" alone the origin is opaque. Module scripts and fetches
// are CORS requests there, and a plain static server sends no CORS headers; a classic script is
// not, so this file loads from anywhere. The binary is packed, because base64 alone would make it
// a third larger and hide its redundancy from the server's compression. www/loader.js unpacks it.
//
// Trunk runs this after each build and names the folder in TRUNK_STAGING_DIR.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.env.TRUNK_STAGING_DIR ?? "dist";
const page = readFileSync(join(folder, "index.html"), "utf8");
const names = page.match(/window\.sluiceProgram = \{ glue: "([^"]+)", wasm: "([^"]+)" \}/);
if (!names) {
  console.error(`sandboxed.mjs: ${folder}/index.html does not name its program (see pattern_script in Trunk.toml)`);
  process.exit(1);
}
const [glue, wasm] = names.slice(1).map((address) => join(folder, address.split("/").pop()));

const text = readFileSync(glue, "utf8");
const outside = text.match(/^\s*(?:import|export)\b[^;]*\bfrom\s*["']([^"']+)["']/m);
if (outside) {
  console.error(
    `sandboxed.mjs: the program imports ${outside[1]}, which a sandboxed iframe cannot load; ` +
      "write it in Rust instead of a JavaScript snippet",
  );
  process.exit(1);
}

const release = process.env.TRUNK_PROFILE !== "debug";
const packed = gzipSync(readFileSync(wasm), { level: release ? 9 : 1 }).toString("base64");
const script = `window.sluiceSandboxed = { glue: ${JSON.stringify(text)}, wasm: "${packed}" };\n`;
writeFileSync(join(folder, "sandboxed.js"), script);
