// Draws the icons of public/ anew: `node end2end/icons.mjs`. The mark is that of favicon.svg, on the deep ground.
import { chromium } from "@playwright/test";
import { fileURLToPath } from "node:url";

/** [file, side in pixels, radius and size of the mark as shares of the side] */
const icons = [
  ["icon-192.png", 192, 0.22, 0.66],
  ["icon-512.png", 512, 0.22, 0.66],
  // Cut to any shape by the device: nothing outside the middle four fifths.
  ["icon-maskable-512.png", 512, 0, 0.58],
  ["apple-touch-icon.png", 180, 0, 0.64],
];
const page = (side, radius, mark) => `<!doctype html><style>*{margin:0}svg{display:block}</style>
<svg width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">
<rect width="${side}" height="${side}" rx="${side * radius}" fill="#1c484c"/>
<g transform="translate(${side / 2} ${side / 2}) scale(${(side * mark) / 28.4}) translate(-16 -16.2)">
<path d="M18.6 5.3A11 11 0 1 0 26.7 13.4" fill="none" stroke="#fbf8f2" stroke-width="3.2" stroke-linecap="round"/>
<circle cx="24.2" cy="7.8" r="2.8" fill="#cfae7f"/></g></svg>`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
});
for (const [file, side, radius, mark] of icons) {
  const tab = await browser.newPage({ viewport: { width: side, height: side } });
  await tab.setContent(page(side, radius, mark));
  const path = fileURLToPath(new URL(`../public/${file}`, import.meta.url));
  await tab.screenshot({ path, omitBackground: true });
  await tab.close();
}
await browser.close();
