import { type Browser, expect } from "@playwright/test";
import { Person, signIn, type Lang } from "./support";

/** The demo's skin centre, and who works there. */
export const salon = "jingan";
export const staff = { desk: "qiantai", chair: "meirong", manager: "dianzhang", owner: "laoban" };

/** A telephone number that no demo customer has. */
export function newPhone(): string {
  return `139${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
}

/** Picks the first service that can be booked, and a free time of the day shown. */
export async function pickTime(customer: Person, path = `/s/${salon}/book`): Promise<void> {
  const { page } = customer;
  await customer.open(path);
  await page.locator('.choice:has(input[name="services"]:not([disabled]))').first().click();
  await page.locator('.slots input[name="at"]:not([disabled])').first().waitFor({ state: "attached" });
  await page.locator('.slots label:has(input[name="at"]:not([disabled]))').first().click();
}

/** The newest one-time code in the demo's outbox, as the manager can read it there. */
export async function codeFor(browser: Browser, phone: string): Promise<string> {
  const manager = await Person.with(browser, { device: "desktop", lang: "en" });
  await signIn(manager, staff.manager);
  await manager.open("/outbox");
  const message = manager.page
    .locator(`li.message:has-text("${phone.slice(-4)}")`)
    .filter({ hasText: manager.word("wall.outbox.template.code") })
    .first();
  const text = await message.locator(".pre-line").innerText();
  await manager.leave();
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text.replace(/\s/g, " "))?.[0];
  expect(code, text).toBeTruthy();
  return code!;
}

/** Books on the phone, from the menu to the slip; gives the booking's path. */
export async function book(browser: Browser, customer: Person, name: string, phone = newPhone()): Promise<string> {
  const { page } = customer;
  await pickTime(customer);
  await page.getByRole("button", { name: customer.word("booking.choose.take") }).click();
  await page.waitForURL(/\/hold\//);
  await customer.ready();
  await page.locator('input[name="name"]:visible').fill(name);
  await page.locator('input[name="phone"]:visible').fill(phone);
  await page.getByRole("button", { name: customer.word("booking.hold.send") }).click();
  await page.locator('input[name="code"]').waitFor();
  await page.locator('input[name="code"]').fill(await codeFor(browser, phone));
  await page.locator('form:has(input[name="code"]) button[type="submit"]').click();
  await page.waitForURL(/\/b\//);
  await customer.ready();
  return new URL(page.url()).pathname;
}

export type { Lang };
