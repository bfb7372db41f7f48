import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, expect } from "@playwright/test";
import { readFileSync, readdirSync } from "node:fs";
import { base } from "../playwright.config";

export type Lang = "zh-CN" | "en";
export const languages: Lang[] = ["zh-CN", "en"];

/** Who holds what: the sizes the pages are made for. */
export const devices = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true },
  tabletWide: { viewport: { width: 1180, height: 820 }, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
};
export type Device = keyof typeof devices;

/** The wording of the pages, read from the same files they are built from: `word("en", "booking.choose.take")`. */
export function word(lang: Lang, key: string, values: Record<string, string | number> = {}): string {
  const [area, ...path] = key.split(".");
  const file = new URL(`../../app/locales/${lang}/${area}.json`, import.meta.url);
  let text: unknown = JSON.parse(readFileSync(file, "utf8"));
  for (const part of path) text = (text as Record<string, unknown>)[part];
  if (typeof text !== "string") throw new Error(`no text ${key} in ${lang}`);
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => String(values[name] ?? `{{${name}}}`));
}

export const areas = readdirSync(new URL("../../app/locales/en/", import.meta.url)).map((f) => f.replace(".json", ""));

/** A person with a device, a language, and with or without scripts. Faults in the browser's console fail the test. */
export class Person {
  readonly faults: string[] = [];
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly lang: Lang,
    readonly scripts: boolean,
    private readonly options: BrowserContextOptions,
  ) {}

  static async with(
    browser: Browser,
    { device, lang, scripts = true, dark = false }: { device: Device; lang: Lang; scripts?: boolean; dark?: boolean },
  ): Promise<Person> {
    const options: BrowserContextOptions = {
      ...devices[device],
      baseURL: base,
      locale: lang,
      javaScriptEnabled: scripts,
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
    };
    const context = await browser.newContext(options);
    await context.addCookies([{ name: "lang", value: lang, url: base }]);
    const person = new Person(context, await context.newPage(), lang, scripts, options);
    person.page.on("pageerror", (error) => person.faults.push(`error: ${error.message}`));
    person.page.on("console", (message) => {
      // A remark on how slow the machine is, or on scripts being off: no fault of the page.
      if (message.text().includes("was preloaded using link preload but not used")) return;
      if (message.type() === "error" || message.type() === "warning") person.faults.push(message.text());
    });
    return person;
  }

  word(key: string, values: Record<string, string | number> = {}): string {
    return word(this.lang, key, values);
  }

  /** Opens a page and waits until it answers to touch. */
  async open(path: string): Promise<void> {
    const answer = await this.page.goto(path);
    expect(answer?.status(), path).toBeLessThan(400);
    await this.ready();
  }

  /** The page has taken over from the server's markup. */
  async ready(): Promise<void> {
    if (this.scripts) await this.page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  }

  /** Nothing an accessibility check can find (C-50), nothing wider than the screen. */
  async looksRight(where: string): Promise<void> {
    const page = this.scripts ? this.page : await this.copy();
    const found = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    if (page !== this.page) await page.context().close();
    expect(
      found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`),
      `accessibility of ${where}`,
    ).toEqual([]);
    const overflow = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${where} is wider than the screen`).toBeLessThanOrEqual(0);
  }

  /** What is seen now, without the page's own scripts, where the check's can run: it never answers where scripts are off. */
  private async copy(): Promise<Page> {
    const address = this.page.url();
    const body = (await this.page.content()).replace(/<script\b[\s\S]*?<\/script>/g, "");
    const context = await this.context.browser()!.newContext({ ...this.options, javaScriptEnabled: true });
    await context.addCookies(await this.context.cookies());
    const page = await context.newPage();
    await page.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
    await page.goto(address);
    return page;
  }

  async leave(): Promise<void> {
    await this.context.close();
    expect(this.faults, "faults in the console").toEqual([]);
  }
}

/** The password of all demo logins. */
export const password = "meiyue demo 2026 spring";

/** Signs a member of staff in. */
export async function signIn(person: Person, username: string): Promise<void> {
  await person.open("/staff/sign-in");
  await person.page.locator('input[name="username"]').fill(username);
  await person.page.locator('input[name="password"]').fill(password);
  await person.page.locator('form:has(input[name="password"]) button[type="submit"]').first().click();
  await person.page.waitForURL((url) => !url.pathname.startsWith("/staff/sign-in"));
  await person.ready();
}
