import { type Page, expect, test } from "@playwright/test";
import { newPhone, salon, staff } from "./steps";
import { Person, languages, signIn, ticketOf } from "./support";

/** The lane of those who wait. */
const waiting = (page: Page) => page.locator('section[aria-labelledby="lane-waiting"] article.q');

/** Takes a new customer in with the keyboard alone, from the board. */
async function walkInByKeyboard(desk: Person, name: string): Promise<string> {
  const { page } = desk;
  await desk.open("/desk");
  await page.keyboard.press("n");
  await page.waitForURL(/\/desk\/walk-in/);
  await desk.ready();
  await page.locator("#walk-q").focus();
  await page.keyboard.type(newPhone());
  await page.locator("#name").focus();
  await page.keyboard.type(name);
  // The first service of the menu: found by the filter, taken with Enter.
  const first = page.locator('.choice:has(input[name^="services"])').first();
  const service = await first.locator(".choice-title").innerText();
  await page.locator("#service-filter").focus();
  await page.keyboard.type(service);
  await page.keyboard.press("Enter");
  await expect(first.locator("input")).toBeChecked();
  await page.getByRole("button", { name: desk.word("desk.walk_in.give") }).focus();
  await page.keyboard.press("Enter");
  return ticketOf(page);
}

for (const lang of languages) {
  test.describe(`the front desk (${lang})`, () => {
    test("a walk-in afternoon: three wait, one is told, the first is called, by keyboard alone", async ({ browser }) => {
      test.setTimeout(120_000);
      const desk = await Person.with(browser, { device: "desktop", lang });
      const { page } = desk;
      await signIn(desk, staff.desk);
      const names = lang === "en" ? ["Ada Poe", "Ben Ray", "Cleo Fox"] : ["安可", "白晓", "陈默默"];
      const tickets: string[] = [];
      for (const name of names) tickets.push(await walkInByKeyboard(desk, name));
      expect(new Set(tickets).size).toBe(3);

      await desk.open("/desk");
      for (const ticket of tickets) await expect(waiting(page).filter({ hasText: ticket })).toBeVisible();
      await desk.looksRight("the board with three walk-ins");

      // Arrows go from card to card, and the focus can be seen.
      await page.keyboard.press("ArrowDown");
      await expect(page.locator("[data-card]:focus")).toHaveCount(1);
      await page.keyboard.press("ArrowRight");
      await expect(waiting(page).locator(":scope:focus")).toHaveCount(1);

      // Told about the wait.
      const last = waiting(page).filter({ hasText: tickets[2] });
      const tell = last.getByRole("button", { name: desk.word("desk.wait.tell") });
      if (!(await tell.isVisible())) await last.locator("details summary").last().focus().then(() => page.keyboard.press("Enter"));
      await tell.first().focus();
      await page.keyboard.press("Enter");
      await expect(last).toContainText(desk.word("desk.wait.told_at", { time: "" }).trim());

      // Call next, until these three have been called too.
      const next = page.locator("#call-next");
      for (let i = 0; i < 15; i++) {
        const before = await next.innerText({ timeout: 2_000 }).catch(() => null);
        if (before === null) break;
        await page.keyboard.press("c");
        await expect(next.filter({ hasText: before })).toHaveCount(0);
      }
      for (const ticket of tickets) {
        await expect(waiting(page).filter({ hasText: ticket })).toContainText(
          desk.word("books.next.called_at", { time: "" }).trim(),
        );
      }

      // A question has an owner until it is closed.
      const question = lang === "en" ? "Asks for an invoice" : "要一张发票";
      await page.keyboard.press("q");
      await expect(page.locator("#ask-text")).toBeFocused();
      await page.keyboard.type(question);
      await page.getByRole("button", { name: desk.word("books.question.save") }).focus();
      await page.keyboard.press("Enter");
      const card = page.locator('section[aria-labelledby="lane-questions"] article.q', { hasText: question });
      await expect(card).toBeVisible();
      await card.locator("summary").first().focus();
      await page.keyboard.press("Enter");
      await card.locator("textarea").fill(lang === "en" ? "Printed" : "打好了");
      await card.getByRole("button", { name: desk.word("books.question.close_act") }).focus();
      await page.keyboard.press("Enter");
      await expect(card).toHaveCount(0);

      // Filters by state and area.
      await desk.open("/desk?show=waiting");
      await expect(page.locator('section[aria-labelledby="lane-serving"]')).toBeHidden();
      await expect(page.locator('section[aria-labelledby="lane-waiting"]')).toBeVisible();
      await desk.looksRight("the filtered board");
      await desk.leave();
    });

    test("the screen on the wall follows the calls and shows no names", async ({ browser }) => {
      const manager = await Person.with(browser, { device: "desktop", lang });
      await signIn(manager, staff.manager);
      await manager.open("/desk/screen");
      await manager.looksRight("the links");
      const address = await manager.page.locator('input[readonly][value*="/screen/"]').inputValue();
      const tv = await Person.with(browser, { device: "desktop", lang });
      await tv.open(new URL(address).pathname);
      await tv.looksRight("the screen on the wall");
      await expect(tv.page.locator(".tv")).toBeVisible();
      await manager.open("/desk");
      const next = manager.page.locator("#call-next");
      if ((await next.count()) > 0) {
        const ticket = /[A-Z]\d\d+/.exec(await next.innerText())![0];
        await next.click();
        await expect(tv.page.locator(".tv-calls")).toContainText(ticket, { timeout: 10_000 });
      }
      await tv.leave();
      await manager.leave();
    });

    for (const scripts of [true, false]) {
      test(`self check-in on the phone ${scripts ? "with" : "without"} scripts`, async ({ browser }) => {
        const manager = await Person.with(browser, { device: "desktop", lang });
        await signIn(manager, staff.manager);
        await manager.open("/desk/poster");
        await manager.looksRight("the poster");
        await manager.open("/desk/screen");
        const address = new URL(await manager.page.locator('input[readonly][value*="/arrive"]').inputValue());
        await manager.leave();

        const guest = await Person.with(browser, { device: "phone", lang, scripts });
        const { page } = guest;
        await guest.open(address.pathname + address.search);
        if (scripts) await guest.looksRight("self check-in");
        await page.locator('input[name="tail"]').fill("0000");
        await page.locator('input[name="number"]').fill("0000");
        await page.getByRole("button", { name: guest.word("customer.arrive.here") }).click();
        await expect(page.locator(".error").first()).toBeVisible();
        guest.faults.length = 0; // refused requests are reported by the browser itself

        await page.locator('.choice:has(input[name="services[]"])').first().click();
        await page.locator('input[name="name"]').fill(lang === "en" ? "Dana Lee" : "丁当");
        await page.locator('input[name="phone"]').fill(newPhone());
        await page.getByRole("button", { name: guest.word("customer.arrive.take") }).click();
        await page.waitForURL(/\/q\//);
        await ticketOf(page);
        await guest.leave();

        const wrong = await Person.with(browser, { device: "phone", lang, scripts });
        const answer = await wrong.page.goto(`/s/${salon}/arrive?c=nonsense`);
        expect(answer?.status()).toBe(404);
        wrong.faults.length = 0;
        await wrong.leave();
      });
    }

    test("a missed call is written down, called back, and the shift handed over", async ({ browser }) => {
      const desk = await Person.with(browser, { device: "desktop", lang });
      const { page } = desk;
      await signIn(desk, staff.desk);
      await desk.open("/desk/phone");
      await desk.looksRight("the phone log");
      const phone = newPhone();
      await page.locator('label:has(input[name="answered"][value="no"])').click();
      await page.locator('input[name="rings"]').fill("7");
      await page.getByRole("button", { name: desk.word("books.phone.save") }).click();
      await expect(page.locator("#call-form .error").first()).toBeVisible();
      desk.faults.length = 0;
      await page.locator('#call-form input[name="phone"]').fill(phone);
      await page.locator('#call-form select[name="matter"]').selectOption("price");
      await page.getByRole("button", { name: desk.word("books.phone.save") }).click();
      const due = page.locator('section[aria-labelledby="due-title"] li', { hasText: phone });
      await expect(due).toBeVisible();
      await due.locator('input[name="outcome"]').fill(lang === "en" ? "Told the price" : "报了价格");
      await due.getByRole("button", { name: desk.word("books.phone.done") }).click();
      await expect(due).toHaveCount(0);

      await desk.open("/desk/handover");
      await desk.looksRight("the handover");
      const note = lang === "en" ? "Towels are being delivered" : "毛巾一会儿送到";
      await page.locator('textarea[name="note"]').fill(note);
      await page.getByRole("button", { name: desk.word("books.handover.sign") }).click();
      await expect(page.locator("main")).toContainText(desk.word("books.handover.own"));
      await desk.leave();

      const manager = await Person.with(browser, { device: "tabletWide", lang });
      await signIn(manager, staff.manager);
      await manager.open("/desk/handover");
      await expect(manager.page.locator("main")).toContainText(note);
      await manager.looksRight("a handover that waits");
      await manager.page.getByRole("button", { name: manager.word("books.handover.take") }).click();
      await manager.page.waitForURL(/\/desk\/handover\/[0-9a-f]/);
      await expect(manager.page.locator("main")).toContainText(note);
      await manager.leave();
    });

    test("wristbands go out with a locker and come back", async ({ browser }) => {
      const desk = await Person.with(browser, { device: "desktop", lang });
      const { page } = desk;
      await signIn(desk, "qiantai3");
      await desk.open("/desk/bands");
      await desk.looksRight("the wristbands");
      const cards = page.locator(".band-grid > li");
      const n = await cards.count();
      expect(n).toBeGreaterThan(0);
      await cards.first().getByRole("button", { name: desk.word("books.band.back") }).click();
      await expect(cards).toHaveCount(n - 1);
      await desk.leave();
    });
  });
}
