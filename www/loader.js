// Starts the page's program, and brings it the worker's. Trunk puts this file into index.html, after
// a line that leaves the names of the page's program's two files in window.sluiceProgram. In a released
// site another line leaves those of the smaller programs that hold one chapter each, with the labs in them,
// in window.sluiceChapters (tools/chapters.mjs); then the page loads the one that its address asks for.
//
// In an iframe with sandbox="allow-scripts" alone, and in a page opened from the disk, the origin
// is opaque: modules and fetches need CORS headers there, which a plain static server does not
// send. A classic script needs none, so there each program comes as one: sandboxed.js and
// sandboxed-worker.js, which tools/sandboxed.mjs writes.
(() => {
  const opaque = window.origin === "null";

  /** The program that the classic script at the address holds. */
  function bundle(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.sluiceSandboxed);
      script.onerror = () => reject(new Error(`${address} did not load`));
      document.head.append(script);
    });
  }

  async function unpack(base64) {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain).arrayBuffer();
  }

  // Both ways to load a program resolve to its bindings and to its binary, which may be on its way.

  async function fetched(glue, wasm) {
    // Both are asked for at once; the compiler starts before the last byte is there.
    const binary = fetch(wasm);
    binary.catch(() => {});
    return { bindings: await import(glue), binary };
  }

  async function bundled(address) {
    const program = await bundle(address);
    const module = URL.createObjectURL(new Blob([program.glue], { type: "text/javascript" }));
    try {
      return { bindings: await import(module), binary: await unpack(program.wasm) };
    } finally {
      URL.revokeObjectURL(module);
    }
  }

  /** Resolves to a new worker, which does what is too long for one frame of the page. */
  window.sluiceWorker = async () => {
    if (!opaque) return new Worker("./worker_loader.js", { type: "module" });
    const program = await bundle("./sandboxed-worker.js");
    // A module worker with an opaque origin may come from a data address, but not from a blob.
    const module = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
    // Such an address has at most two megabytes, so the binary is sent after it, as the first message; what
    // comes while it is unpacked is held back.
    const source = `import init from ${JSON.stringify(module(program.glue))};
      ${unpack}
      const held = [];
      const hold = ({ data }) => {
        held.push(data);
        if (held.length === 1) begin(data);
      };
      const begin = async (packed) => {
        await init({ module_or_path: await unpack(packed) });
        removeEventListener("message", hold);
        for (const data of held.slice(1)) dispatchEvent(new MessageEvent("message", { data }));
      };
      addEventListener("message", hold);`;
    const worker = new Worker(module(source), { type: "module" });
    worker.postMessage(program.wasm);
    return worker;
  };

  /** Resolves to the bindings of the worker's program in this thread, where no worker can work. */
  window.sluiceWorkerProgram = async () => {
    const { bindings, binary } = await (opaque
      ? bundled("./sandboxed-worker.js")
      : fetched("./worker.js", "./worker_bg.wasm"));
    await bindings.default({ module_or_path: binary });
    return bindings;
  };

  /** Resolves to the texts of the source files by their names; tools/sources.mjs writes them. */
  window.sluiceSources = () =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "./sources.js";
      script.onload = () => resolve(window.sluiceTexts);
      script.onerror = () => reject(new Error("sources.js did not load"));
      document.head.append(script);
    });

  const body = new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** The program that holds the lab of an address's fragment; the first chapter's also tells what is unknown. */
  function programOf(fragment) {
    const chapters = window.sluiceChapters ?? [window.sluiceProgram];
    const lab = /^#*\/*([^/?]*)/.exec(fragment)[1];
    return chapters.find(({ labs }) => labs?.includes(decoded(lab))) ?? chapters[0];
  }

  /** Has the browser fetch another chapter's program as soon as a pointer or the focus is on a link to it. */
  function expect({ target }) {
    const link = target instanceof Element && target.closest('a[href^="#/"]');
    const program = link && programOf(link.hash);
    if (!program || program === programOf(location.hash)) return;
    for (const address of [program.glue, program.wasm]) {
      if (document.querySelector(`link[href="${address}"]`)) continue;
      const hint = Object.assign(document.createElement("link"), { rel: "prefetch", href: address });
      document.head.append(hint);
    }
  }
  if (window.sluiceChapters && !opaque) ["pointerover", "focusin"].forEach((name) => addEventListener(name, expect));

  async function start() {
    const { glue, wasm } = programOf(location.hash);
    const { bindings, binary } = await (opaque ? bundled("./sandboxed.js") : fetched(glue, wasm));
    await body;
    const program = await bindings.default({ module_or_path: binary });
    window.wasmBindings = bindings;
    dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm: program } }));
  }

  start().catch(async (error) => {
    console.error(error);
    await body;
    const notice = document.createElement("p");
    notice.setAttribute("role", "alert");
    notice.textContent =
      `Sluice could not start: ${error.message}. It needs a browser from 2023 or later, ` +
      "and all files of the site beside this page.";
    document.body.prepend(notice);
  });
})();
