import { expect, test } from "@playwright/test";
import { book, codeFor, newPhone, pickTime, salon, staff } from "./steps";
import { Person, handOver, languages, signIn, walkIn } from "./support";

for (const lang of languages) {
  test.describe(`one visit (${lang})`, () => {
    test("a customer books on the phone, moves the booking and cancels it", async ({ browser }) => {
      const customer = await Person.with(browser, { device: "phone", lang });
      const { page } = customer;
      const path = await book(browser, customer, lang === "en" ? "Anna Li" : "李安娜");
      await customer.looksRight("the booking");
      await expect(page.locator(".slip-time")).toContainText(/\d\d:\d\d/);

      const calendar = await customer.context.request.get(`${path}/calendar.ics`);
      expect(calendar.status()).toBe(200);
      expect(await calendar.text()).toMatch(/BEGIN:VEVENT[\s\S]*DTSTART[\s\S]*END:VEVENT/);

      const before = await page.locator(".slip-time time").first().getAttribute("datetime");
      await customer.open(`${path}/move`);
      // The time it has stands among those it could have; the last one of a day is moved to another day.
      const other = page.locator(`.slots label:has(input[name="at"]:not([disabled]):not([value="${Date.parse(before!)}"]))`);
      if ((await other.count()) === 0) {
        await page.locator(".dates label:not([data-full]):has(input:not(:checked))").first().click();
      }
      await other.last().click();
      await page.locator('.action-bar button[type="submit"]').click();
      await page.waitForURL((url) => url.pathname === path);
      await expect(page.locator(".slip-time time").first()).not.toHaveAttribute("datetime", before!);

      await customer.open(`${path}/cancel`);
      await customer.looksRight("cancelling");
      await page.locator('label:has(input[name="reason"])').first().click();
      await page.locator('form:has(input[name="reason"]) button[type="submit"]').first().click();
      await page.waitForURL((url) => url.pathname === path);
      await expect(page.locator("h1")).toContainText(customer.word("booking.head.cancelled"));
      await customer.open("/me");
      await customer.leave();
    });

    test("what is chosen before the scripts have come stays chosen", async ({ browser }) => {
      /** Opens a page whose scripts come when the answer is called. */
      const early = async (person: Person, path: string): Promise<() => void> => {
        let come = () => {};
        const coming = new Promise<void>((resolve) => (come = resolve));
        await person.page.route(/\.wasm$/, async (route) => {
          await coming;
          await route.continue();
        });
        await person.page.goto(path, { waitUntil: "domcontentloaded" });
        return come;
      };

      const first = await Person.with(browser, { device: "phone", lang });
      const comeFirst = await early(first, `/s/${salon}/book`);
      await first.page.locator('#choose label:has(input[name="cat"])').nth(1).click();
      await first.page.locator('#choose label:has(input[name="services"])').first().click();
      comeFirst();
      await first.page.waitForURL((url) => url.searchParams.has("services"));
      await expect(first.page.locator('#choose input[name="cat"]').nth(1)).toBeChecked();
      await expect(first.page.locator('#choose input[name="services"]:checked')).toHaveCount(1);
      const chosen = new URL(first.page.url());
      await first.leave();

      const second = await Person.with(browser, { device: "phone", lang });
      const comeSecond = await early(second, chosen.pathname + chosen.search);
      const time = second.page.locator('.slots label:has(input[name="at"]:not([disabled]))').last();
      await time.click();
      const at = await time.locator("input").getAttribute("value");
      comeSecond();
      await second.ready();
      await expect(second.page.locator(".action-bar b")).toContainText(/\d\d:\d\d/);
      await expect(second.page.locator('input[name="at"]:checked')).toHaveValue(at!);
      await second.leave();

      const desk = await Person.with(browser, { device: "desktop", lang });
      await signIn(desk, staff.desk);
      const comeDesk = await early(desk, "/desk/walk-in");
      const service = desk.page.locator('.walk-in label:has(input[name="services[]"])').first();
      await service.click();
      await desk.page.locator("#phone").fill("13900001234");
      const person = await desk.page.locator('.walk-in select[name="who"] option').nth(1).getAttribute("value");
      await desk.page.locator('.walk-in select[name="who"]').selectOption(person!);
      comeDesk();
      await desk.ready();
      await expect(desk.page.locator(".walk-in aside li")).toHaveText((await service.locator(".choice-title").textContent())!);
      await expect(service.locator("input")).toBeChecked();
      await expect(desk.page.locator("#phone")).toHaveValue("13900001234");
      await expect(desk.page.locator('.walk-in select[name="who"]')).toHaveValue(person!);
      await desk.leave();
    });

    test("a walk-in is received, treated, rates the visit, and the board follows by itself", async ({ browser }) => {
      test.setTimeout(180_000);
      const desk = await Person.with(browser, { device: "desktop", lang });
      await signIn(desk, staff.desk);
      await desk.open("/desk");
      await desk.looksRight("the board");

      // Signed in beforehand: a customer who can be served now is handed over at once.
      const watcher = await Person.with(browser, { device: "tabletWide", lang });
      await signIn(watcher, staff.desk);

      // The walk-in: new customer, one service, a ticket.
      const name = lang === "en" ? "Walter Ng" : "吴一鸣";
      await desk.open("/desk/walk-in");
      await desk.looksRight("walk-in");
      const number = await walkIn(browser, desk, name);

      // The customer's phone follows the queue.
      const link = await desk.page.locator('a[href*="/q/"]').first().getAttribute("href");
      const customer = await Person.with(browser, { device: "phone", lang });
      await customer.open(new URL(link!, "http://localhost").pathname);
      await expect(customer.page.locator(".slip-time")).toContainText(number);

      // The desk hands the visit to whoever is suggested.
      await watcher.open("/desk");
      await desk.open("/desk");
      const who = await handOver(desk, number);
      await expect(watcher.page.locator("article.q", { hasText: number })).toContainText(
        desk.word("desk.wait.asked", { name: "" }).trim(),
        { timeout: 3_000 },
      );
      await expect(customer.page.locator("main")).toContainText(customer.word("customer.queue.called_sub"), {
        timeout: 3_000,
      });
      await customer.looksRight("the queue");
      await watcher.leave();

      // At the chair of whoever was asked; those who lead may open anybody's day.
      const chair = await Person.with(browser, { device: "tablet", lang });
      await signIn(chair, staff.manager);
      await chair.open(`/chair?who=${who}`);
      await chair.looksRight("the day");
      await chair.page.locator('a[href^="/chair/"]', { hasText: number }).or(
        chair.page.locator(`:is(article, li):has-text("${number}") a[href^="/chair/"]`)).first().click();
      await chair.page.waitForURL(/\/chair\/[0-9a-f]/);
      await chair.ready();
      await chair.looksRight("receiving");
      await chair.page.locator(".action-bar form button[type=submit]").last().click(); // receive
      await expect(chair.page.getByRole("button", { name: begin(chair) })).toBeVisible();
      await chair.page.getByRole("button", { name: begin(chair) }).click();
      await expect(chair.page.locator(".tick").first()).toBeVisible();
      await chair.looksRight("at the chair");
      for (const phase of ["before", "during", "after"]) {
        await chair.page.locator(`nav a[href$="tab=${phase}"]`).click();
        for (let i = 0; i < 30 && (await tickable(chair)) > 0; i++) await tickOne(chair);
      }
      await chair.page.locator('textarea[name="text"]').fill(lang === "en" ? "Skin calm, no redness" : "皮肤稳定，没有泛红");
      await chair.page.getByRole("button", { name: chair.word("treat.notes.act") }).click();
      await expect(chair.page.locator("main")).toContainText(lang === "en" ? "no redness" : "没有泛红");
      await chair.page.getByRole("button", { name: chair.word("treat.bar.finish") }).click();
      await expect(chair.page.locator("main")).toContainText(chair.word("treat.rating.title"));
      await chair.looksRight("after the treatment");

      // The rating: once, without login.
      await expect(customer.page.locator("main")).toContainText(customer.word("customer.queue.done"), { timeout: 5_000 });
      await customer.page.getByRole("link", { name: customer.word("customer.queue.rate") }).click();
      await customer.page.waitForURL(/\/r\//);
      await customer.ready();
      await customer.looksRight("the rating");
      await customer.page.getByRole("button", { name: customer.word("survey.send") }).click();
      await expect(customer.page.locator("main")).toContainText(customer.word("survey.overall_needed"));
      expect(customer.faults).toEqual([expect.stringContaining("422")]); // the refusal, reported by the browser itself
      customer.faults.length = 0;
      for (const question of ["overall", "reliability", "hygiene", "privacy", "waiting"]) {
        await customer.page.locator(`label:has(input[name="${question}"][value="5"])`).click();
      }
      await customer.page.locator('label:has(input[name="nps"][value="9"])').click();
      await customer.page.locator('textarea[name="comment"]').fill("<script>alert(1)</script> 😀");
      await customer.page.getByRole("button", { name: customer.word("survey.send") }).click();
      await expect(customer.page.locator("main")).toContainText(customer.word("survey.thanks"));
      await customer.page.reload();
      await expect(customer.page.locator("main")).toContainText(customer.word("survey.thanks"));

      await customer.leave();
      await chair.leave();
      await desk.leave();
    });

    test("a booking is checked in with two taps", async ({ browser }) => {
      const desk = await Person.with(browser, { device: "tabletWide", lang });
      await signIn(desk, staff.desk);
      await desk.open("/desk");
      const waiting = desk.page.locator('section[aria-labelledby="lane-waiting"] article.q');
      const n = await waiting.count();
      // Who comes soon stands open, the others are rows to be opened.
      const expected = desk.page.locator('section[aria-labelledby="lane-expected"]');
      const checkIn = expected.getByRole("button", { name: desk.word("desk.check_in") });
      if ((await checkIn.count()) === 0) await expected.locator("summary").first().click();
      await checkIn.first().click();
      await expect(waiting).toHaveCount(n + 1);
      await desk.leave();
    });

    test("the wall shows what was kept, and opens to the records", async ({ browser }) => {
      const guest = await Person.with(browser, { device: "phone", lang });
      await guest.open(`/promises/${salon}`);
      await guest.looksRight("the public wall");
      await expect(guest.page.locator("article.plaque")).toHaveCount(9);
      await guest.open(`/promises/${salon}/WAIT`);
      await guest.looksRight("the public records");
      await guest.leave();

      const manager = await Person.with(browser, { device: "desktop", lang });
      await signIn(manager, staff.manager);
      await manager.open("/wall");
      await manager.looksRight("the wall");
      await manager.open("/wall/WAIT");
      await manager.looksRight("the records");
      await expect(manager.page.locator("tbody tr").first()).toBeVisible();
      await manager.leave();
    });

    test("a lost hold, wrong input and a second tap are answered clearly", async ({ browser }) => {
      const customer = await Person.with(browser, { device: "phone", lang });
      const { page } = customer;
      await pickTime(customer);
      await page.getByRole("button", { name: customer.word("booking.choose.take") }).dblclick();
      await page.waitForURL(/\/hold\//);
      await customer.ready();
      await customer.looksRight("the hold");
      await page.locator('input[name="name"]:visible').fill("😀");
      await page.locator('input[name="phone"]:visible').fill("12345");
      await page.getByRole("button", { name: customer.word("booking.hold.send") }).click();
      await expect(page.locator(".error")).toHaveCount(2);
      const phone = newPhone();
      await page.locator('input[name="name"]:visible').fill("<b>陈</b>");
      await page.locator('input[name="phone"]:visible').fill(` +86 ${phone.slice(0, 3)} ${phone.slice(3)} `);
      await page.getByRole("button", { name: customer.word("booking.hold.send") }).click();
      const code = await codeFor(browser, phone);
      await page.locator('input[name="code"]').fill(code === "000000" ? "000001" : "000000");
      await page.locator('form:has(input[name="code"]) button[type="submit"]').click();
      await expect(page.locator('[role="alert"]').first()).toBeVisible();
      await page.locator('input[name="code"]').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      await page.locator('form:has(input[name="code"]) button[type="submit"]').click();
      await page.waitForURL(/\/b\//);
      await expect(page.locator("main")).toContainText("<b>陈</b>");
      customer.faults.length = 0; // refused requests are reported by the browser itself
      await customer.leave();
    });
  });
}

/** The button that begins the service, whichever it is. */
function begin(person: Person): RegExp {
  return new RegExp(`^${person.word("treat.bar.start", { service: "" }).trim()}`);
}

async function tickable(person: Person): Promise<number> {
  return person.page.locator('.tick form:has(input[name="state"][value="done"]) button[type="submit"]:visible').count();
}

async function tickOne(person: Person): Promise<void> {
  const open = person.page.locator('.tick form:has(input[name="state"][value="done"]) button[type="submit"]:visible');
  // After the last step of a phase the next phase stands open: this step, not the number, is what counts.
  const step = await open.first().innerText();
  await open.first().click();
  await expect(open.filter({ hasText: step })).toHaveCount(0);
}
