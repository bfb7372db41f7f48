import { type Browser, expect, test } from "@playwright/test";
import { codeFor, newPhone, pickTime, salon, staff } from "./steps";
import { Person, languages, signIn } from "./support";

// BOOK-10. The demo's jobs look every few seconds: whoever waits for days that have room is offered a time by itself.

/** Onto the waitlist for the first service of the menu, any time in the next days; gives the entry's path. */
async function join(browser: Browser, guest: Person, phone = newPhone()): Promise<string> {
  const { page } = guest;
  await guest.open(`/s/${salon}/book`);
  const service = page.locator('.choice input[name="services"]:not([disabled])').first();
  const id = await service.getAttribute("value");
  await guest.open(`/s/${salon}/wait?services=${id}`);
  await guest.looksRight("the waitlist's form");
  await page.locator('input[name="name"]').fill("候补客");
  await page.locator('input[name="phone"]').fill(phone);
  await page.locator('form:has(input[name="phone"]) button[type="submit"]').click();
  await page.waitForURL(/\/w\//);
  await guest.ready();
  await page.locator('input[name="code"]').fill(await codeFor(browser, phone));
  await page.locator('form:has(input[name="code"]) button[type="submit"]').click();
  await expect(page.locator('input[name="code"]')).toHaveCount(0);
  return new URL(page.url()).pathname;
}

/** Opens the entry until a time is offered. */
async function untilOffered(guest: Person, path: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await guest.open(path);
        return guest.page.getByText(guest.word("waitlist.offer")).count();
      },
      { timeout: 30_000, intervals: [1000] },
    )
    .toBeGreaterThan(0);
}

for (const lang of languages) {
  for (const scripts of [true, false]) {
    test(`a time is offered, and taken with one tap (${lang}, scripts: ${scripts})`, async ({ browser }) => {
      test.setTimeout(120_000);
      const guest = await Person.with(browser, { device: "phone", lang, scripts });
      const path = await join(browser, guest);
      await untilOffered(guest, path);
      await guest.looksRight("an offer");
      const accept = guest.page.locator('form[action*="waitlist/accept"] button[type="submit"]');
      await accept.click();
      await guest.page.waitForURL(/\/b\//);
      await guest.ready();
      await guest.looksRight("what was waited for");
      await guest.leave();
    });
  }
}

test("who declines makes way and goes on waiting; who leaves is off the list", async ({ browser }) => {
  test.setTimeout(120_000);
  const guest = await Person.with(browser, { device: "phone", lang: "zh-CN" });
  const path = await join(browser, guest);
  await untilOffered(guest, path);
  await guest.page.locator('form[action*="waitlist/decline"] button[type="submit"]').click();
  await guest.open("/me");
  await expect(guest.page.locator(`a[href="${path}"]`)).toBeVisible();
  await guest.looksRight("/me with a waitlist");
  await guest.open(path);
  await guest.page.locator('form[action*="waitlist/leave"] button[type="submit"]').click();
  await expect(guest.page.getByText(guest.word("waitlist.left_sub"))).toBeVisible();
  await guest.leave();
});

test("what is offered is nobody else's meanwhile", async ({ browser }) => {
  test.setTimeout(120_000);
  const guest = await Person.with(browser, { device: "phone", lang: "zh-CN" });
  const path = await join(browser, guest);
  await untilOffered(guest, path);
  const time = await guest.page.locator("main time").first().innerText();
  expect(time).toMatch(/\d\d:\d\d/);
  // Somebody else can still book, at another time of another person.
  const other = await Person.with(browser, { device: "phone", lang: "en" });
  await pickTime(other);
  await other.page.getByRole("button", { name: other.word("booking.choose.take") }).click();
  await other.page.waitForURL(/\/hold\//);
  await other.leave();
  await guest.open(path);
  await expect(guest.page.getByText(guest.word("waitlist.offer")).first()).toBeVisible();
  await guest.leave();
});

for (const lang of languages) {
  test(`the desk sees who waits and adds somebody (${lang})`, async ({ browser }) => {
    const desk = await Person.with(browser, { device: "desktop", lang });
    await signIn(desk, staff.desk);
    await desk.open("/desk/waitlist");
    await desk.looksRight("/desk/waitlist");
    await desk.open("/desk/waitlist/new");
    await desk.looksRight("/desk/waitlist/new");
    const phone = newPhone();
    await desk.page.locator('input[name="name"]').fill("电话候补");
    await desk.page.locator('input[name="phone"]').fill(phone);
    await desk.page.locator('form:has(input[name="phone"]) button[type="submit"]').click();
    await desk.page.waitForURL(/\/desk\/waitlist$/);
    await expect(desk.page.getByText(phone.slice(-4)).first()).toBeVisible();
    await desk.leave();
  });
}
