// Accessibility: the axe rules of WCAG 2.2 AA, and that nothing scrolls sideways.
import { packages } from "./site.mjs";

const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/**
 * One readable entry for each violation on the page; none is well. The player stands over whatever has been
 * scrolled below it; axe does not scroll, so here it stands where it belongs.
 */
export async function violations(page) {
  await page.addStyleTag({ content: ".player { position: static !important; }" });
  const present = await page.evaluate(() => "axe" in window);
  if (!present) await page.evaluate(packages("axe-core").source);
  const found = await page.evaluate(
    async (values) => (await window.axe.run(document, { runOnly: { type: "tag", values } })).violations,
    tags,
  );
  return found.map((violation) => {
    const places = violation.nodes.map((node) => {
      const reasons = [...node.any, ...node.all, ...node.none].map((check) => check.message);
      return `    ${node.target.join(" ")}\n      ${reasons.join("\n      ")}`;
    });
    return `${violation.id} (${violation.impact}): ${violation.help}\n${places.join("\n")}`;
  });
}

/** The elements that stick out to the right of the window, if the page scrolls sideways. */
export function sideways(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => {
        const name = element.tagName.toLowerCase();
        const mark = element.id ? `#${element.id}` : [...element.classList].map((c) => `.${c}`).join("");
        return `${name}${mark} reaches ${Math.round(element.getBoundingClientRect().right)} of ${width}`;
      });
    return wide.length ? wide : [`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`];
  });
}
