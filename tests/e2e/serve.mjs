// A static server as plain as a course site's: files below one path, and nothing clever.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
};

/**
 * Serves `folder` below `base`, and `pages` (path -> HTML) beside it, for a page that embeds it.
 * With `cors` every answer allows every origin; a plain static server does not send that. With
 * `isolated` the page may use the precise clock, for measurements. `seen` is told each path.
 */
export async function serve({ folder, base = "/", pages = {}, cors = false, isolated = false, seen = () => {}, port = 0 }) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://server").pathname);
    seen(path);
    const answer = (status, type, body) => {
      const headers = { "content-type": type, "cache-control": "no-store" };
      if (cors) headers["access-control-allow-origin"] = "*";
      if (isolated) {
        headers["cross-origin-opener-policy"] = "same-origin";
        headers["cross-origin-embedder-policy"] = "require-corp";
      }
      response.writeHead(status, headers).end(body);
    };
    if (path in pages) return answer(200, types[".html"], pages[path]);
    if (path.startsWith(base)) {
      const inside = normalize(path.slice(base.length) || "index.html");
      const file = join(folder, inside.endsWith(sep) ? `${inside}index.html` : inside);
      if (!inside.startsWith("..")) {
        try {
          return answer(200, types[extname(file)] ?? "application/octet-stream", await readFile(file));
        } catch {
          // Whatever cannot be read is not there.
        }
      }
    }
    answer(404, types[".txt"], `There is no ${path}\n`);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    address: origin + base,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}
