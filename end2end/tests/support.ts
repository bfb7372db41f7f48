import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page, expect } from "@playwright/test";
import { readFileSync, readdirSync } from "node:fs";
import { base } from "../playwright.config";
import { newPhone, staff } from "./steps";

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
  /** What the console says of the refusals a journey asked for; see `refused`. */
  private readonly asked: string[] = [];
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
      if (message.type() !== "error" && message.type() !== "warning") return;
      const failed = message.text().startsWith("Failed to load resource");
      person.faults.push(failed ? `${message.text()} ${message.location().url}` : message.text());
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

  /** The page has taken over from the server's markup, and shows more than where something will be. */
  async ready(): Promise<void> {
    if (!this.scripts) return;
    await this.page.waitForFunction(
      () =>
        document.documentElement.dataset.ready === "true" &&
        document.querySelector("h1") !== null &&
        document.querySelector(".card[aria-busy]") === null,
    );
  }

  /** Nothing an accessibility check can find (C-50), nothing wider than the screen. */
  async looksRight(where: string): Promise<void> {
    const page = this.scripts ? this.page : await this.copy();
    const found = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    const wrong = found.violations.filter((one) => one.id !== "target-size");
    for (const one of found.violations.filter((one) => one.id === "target-size")) {
      // Half under the bar at the edge of the screen it looks too small: measured again where it is seen whole.
      const nodes = [];
      for (const node of one.nodes) {
        const target = node.target.join(" ");
        await page.locator(target).evaluate((element) => element.scrollIntoView({ block: "center" }));
        const again = await new AxeBuilder({ page }).include(target).withRules(["target-size"]).analyze();
        if (again.violations.length > 0) nodes.push(node);
      }
      if (nodes.length > 0) wrong.push({ ...one, nodes });
    }
    if (page !== this.page) await page.context().close();
    expect(
      wrong.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`),
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

  /**
   * Does what the server has to refuse: the call to `/api/<endpoint>` is answered with `status`. The browser notes such
   * an answer as an error: this one note, of this call and this status, is no fault.
   */
  async refused(endpoint: string, status: number, act: () => Promise<void>): Promise<void> {
    const call = `${base}/api/${endpoint}`;
    const [answer] = await Promise.all([this.page.waitForResponse((one) => one.url().startsWith(call)), act()]);
    expect(answer.status(), endpoint).toBe(status);
    const said = `the server responded with a status of ${status} (${answer.statusText()})`;
    this.asked.push(`Failed to load resource: ${said} ${answer.url()}`);
  }

  async leave(): Promise<void> {
    await this.context.close();
    for (const said of this.asked) {
      const at = this.faults.indexOf(said);
      if (at >= 0) this.faults.splice(at, 1);
    }
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

/** What the page says has been done; not the note about a new version, which waits hidden in every page. */
export const toasts = (page: Page): Locator => page.locator(".toasts:not(#renewal) .toast");

/** Gives a ticket to somebody new for one service of the menu. */
async function giveTicket(desk: Person, name: string, service: string): Promise<string> {
  const { page } = desk;
  const started = Date.now();
  await desk.open("/desk/walk-in");
  await page.locator('input[name="name"]:visible').fill(name);
  await page.locator('input[name="phone"]:visible').fill(newPhone());
  const services = page.locator('.choice:has(input[name^="services"])');
  await services.filter({ hasText: service }).first().click();
  await page.getByRole("button", { name: desk.word("desk.walk_in.give") }).click();
  const ticket = await ticketOf(page);
  expect(Date.now() - started, "a walk-in takes less than 30 s").toBeLessThan(30_000);
  return ticket;
}

/** The ticket that the slip shows. */
export async function ticketOf(page: Page): Promise<string> {
  await expect(page.locator(".slip-time")).toContainText(/[A-Z]\d\d/);
  return /[A-Z]\d\d+/.exec(await page.locator(".slip-time").innerText())![0];
}

/** A short service of each kind of work, so that one of them suits whoever is free. */
const short = {
  "zh-CN": ["红蓝光舒缓", "小气泡清洁", "肩颈舒压"],
  en: ["Red and blue light", "Hydro-cleansing", "Neck and shoulder relief"],
};

/**
 * Takes in somebody new whom a person who is free can receive at once; gives the ticket, its slip still open. Who would
 * have to wait does not stay, and the next one asks for something else. When nothing on the menu can begin, a treatment
 * under way is brought to its end.
 */
export async function walkIn(browser: Browser, desk: Person, name: string): Promise<string> {
  const slip = desk.page.locator("main", { has: desk.page.locator(".slip-time") });
  const busy = await everybody(desk);
  for (;;) {
    for (const service of short[desk.lang]) {
      const ticket = await giveTicket(desk, name, service);
      if ((await slip.innerText()).includes(desk.word("desk.ticket.now"))) return ticket;
      await leaves(desk, ticket);
    }
    const freed = await freeSomebody(browser, desk, busy);
    busy.splice(0, busy.indexOf(freed) + 1);
  }
}

/** Recorded as having left without being served. */
async function leaves(desk: Person, ticket: string): Promise<void> {
  await desk.open("/desk");
  const card = desk.page.locator("article.q", { hasText: ticket });
  await card.locator("summary[aria-label]").click();
  await card.locator(".menu-sure > summary").click();
  await card.getByRole("button", { name: desk.word("desk.wait.left_act") }).click();
  await expect(desk.page.locator('section[aria-labelledby="lane-waiting"] article.q', { hasText: ticket })).toHaveCount(0);
}

/** Everybody who may be wished for. */
async function everybody(desk: Person): Promise<string[]> {
  await desk.open("/desk/walk-in");
  const options = desk.page.locator('select[name="who"] option[value]:not([value=""])');
  return options.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
}

/** Finishes a treatment that one of these people does now; gives who did it. */
async function freeSomebody(browser: Browser, desk: Person, people: string[]): Promise<string> {
  const chair = await Person.with(browser, { device: "tablet", lang: desk.lang });
  await signIn(chair, staff.manager);
  for (const who of people) {
    await chair.open(`/chair?who=${who}`);
    const running = chair.page.locator('.now-card a[href^="/chair/"]');
    if ((await running.count()) === 0) continue;
    await running.click();
    await chair.page.waitForURL(/\/chair\/[0-9a-f]/);
    await chair.ready();
    await finishTreatment(chair);
    await chair.leave();
    return who;
  }
  throw new Error("nobody is free, and no treatment is under way");
}

/** Ticks what is still to be done, step by step, and finishes the treatment that is open at the chair. */
export async function finishTreatment(chair: Person): Promise<void> {
  const bar = chair.page.locator(".action-bar");
  const prefix = chair.word("treat.bar.step", { step: "" }).trim();
  const next = bar.getByRole("button", { name: new RegExp(`^${prefix}`) });
  for (let i = 0; i < 60 && (await next.count()) > 0; i++) {
    const before = await next.innerText();
    await next.click();
    await expect(next.filter({ hasText: before })).toHaveCount(0);
  }
  await bar.getByRole("button", { name: chair.word("treat.bar.finish") }).click();
  await expect(chair.page.locator("main")).toContainText(chair.word("treat.rating.title"));
}

/** Asks the person chosen, or the one whom the board suggests, to receive the customer of a ticket; gives the person. */
export async function handOver(desk: Person, ticket: string, chosen?: string): Promise<string> {
  const card = desk.page.locator("article.q", { hasText: ticket });
  await expect(card).toBeVisible();
  const suggested = card.locator('form:has(input[name="staff"])');
  let who: string;
  if (chosen) {
    who = chosen;
    const one = desk.page.locator(`button[name="staff"][value="${who}"]`);
    await card.locator("details.pop", { has: one }).locator("summary").first().click();
    await card.locator(one).click();
  } else {
    who = await suggested.locator('input[name="staff"]').inputValue();
    await suggested.locator('button[type="submit"]').click();
  }
  await expect(card).toContainText(desk.word("desk.wait.asked", { name: "" }).trim());
  return who;
}

/** Has a customer received by whom the board suggests, else by one who may and is free, or is made free; gives the person. */
export async function receiver(browser: Browser, desk: Person, name: string): Promise<string> {
  const card = desk.page.locator("article.q", { hasText: name });
  if ((await card.locator('form:has(input[name="staff"])').count()) > 0) return handOver(desk, name);
  const able = card.locator('button[name="staff"]:not([disabled])');
  const free = able.filter({ hasText: desk.word("desk.turn.free_for", { n: "", unit: "" }).trim() });
  if ((await free.count()) > 0) return handOver(desk, name, (await free.first().getAttribute("value"))!);
  const certified = card.locator('button[name="staff"]').filter({ hasNotText: desk.word("desk.wait.not_certified") });
  const people = await certified.evaluateAll((all) => all.map((one) => (one as HTMLButtonElement).value));
  return handOver(desk, name, await freeSomebody(browser, desk, people));
}
