import { type Browser, type Locator, expect, test } from "@playwright/test";
import { staff, newPhone } from "./steps";
import { type Device, type Lang, Person, languages, signIn, toasts } from "./support";

/** So many days from today, as `2026-06-16`. */
async function later(person: Person, ahead: number): Promise<string> {
  await person.open("/schedule");
  return plus(await person.page.locator('.schedule-bar input[name="day"]').inputValue(), ahead);
}

function plus(day: string, days: number): string {
  const noon = new Date(`${day}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

async function desk(browser: Browser, device: Device, lang: Lang, scripts = true): Promise<Person> {
  const person = await Person.with(browser, { device, lang, scripts });
  await signIn(person, staff.desk);
  return person;
}

/**
 * Enters a booking for somebody new at the first free time of the day, or of the first day after it on which whoever
 * does the service is there and has time. Gives the customer's name.
 */
async function enter(person: Person, day: string): Promise<string> {
  const { page } = person;
  const name = `${person.lang === "en" ? "Ada" : "安"} ${Date.now().toString(36).slice(-5)}`;
  const times = page.locator('.slots label:has(input[name="at"])');
  for (let on = day; on < plus(day, 7); on = plus(on, 1)) {
    await person.open(`/schedule/new?day=${on}`);
    await page.locator('.check input[name="services"]').first().check();
    await page.getByRole("button", { name: person.word("schedule.new.look") }).click();
    await page.waitForURL(/services=/);
    await person.ready();
    const none = page.getByText(person.word("schedule.new.no_times"));
    await expect(times.or(none).first()).toBeVisible();
    if (await none.isHidden()) break;
  }
  await page.locator('input[name="name"]').fill(name);
  await page.locator('input[name="phone"]').fill(newPhone());
  await times.first().click();
  await page.getByRole("button", { name: person.word("schedule.new.send") }).click();
  await page.waitForURL(/done=entered/);
  await person.ready();
  await expect(page.locator(`.appt:has-text("${name}")`).first()).toBeVisible();
  return name;
}

const appt = (person: Person, name: string): Locator => person.page.locator(`a.appt[data-move]:has-text("${name}")`).first();

/** Confirms the move; a reason is given where one is asked for. */
async function confirm(person: Person): Promise<void> {
  const dialog = person.page.locator("dialog#ask[open]");
  await expect(dialog).toBeVisible();
  await person.looksRight("the question before a move");
  await dialog.locator('select[name="reason"]').selectOption("customer_asked");
  await dialog.locator('button[type="submit"]').click();
  await expect(toasts(person.page)).toContainText(person.word("schedule.moved"));
}

for (const lang of languages) {
  test(`a booking is dragged with the mouse (${lang})`, async ({ browser }) => {
    const person = await desk(browser, "desktop", lang);
    const { page } = person;
    const day = await later(person, 9);
    const name = await enter(person, day);
    const block = appt(person, name);
    await block.scrollIntoViewIfNeeded();
    const from = (await block.boundingBox())!;
    const before = await block.textContent();
    await page.mouse.move(from.x + from.width / 2, from.y + 6);
    await page.mouse.down();
    await page.mouse.move(from.x + from.width / 2, from.y + 30, { steps: 4 });
    const free = page.locator(".day-free").first();
    await expect(free).toBeAttached();
    // a stretch where it fits, in the same lane as it is now or in another
    const lane = page.locator(".day-col:has(.day-free)").first();
    const to = (await lane.locator(".day-free").last().boundingBox())!;
    await page.mouse.move(to.x + to.width / 2, Math.min(to.y + 20, 860), { steps: 8 });
    await page.mouse.up();
    await confirm(person);
    await expect(appt(person, name)).not.toHaveText(before!);
    await person.leave();
  });

  test(`a booking is moved by keyboard (${lang})`, async ({ browser }) => {
    const person = await desk(browser, "desktop", lang);
    const { page } = person;
    const name = await enter(person, await later(person, 10));
    const block = appt(person, name);
    const before = await block.textContent();
    await block.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(".day-ghost")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.locator(".day-ghost")).toHaveCount(0);
    await block.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(".day-free").first()).toBeAttached();
    for (let n = 0; n < 40 && (await page.locator('.day-ghost[data-fits="yes"]').count()) === 0; n++) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await confirm(person);
    await expect(appt(person, name)).not.toHaveText(before!);
    // and back again
    await toasts(page).locator("button").click();
    await expect(appt(person, name)).toHaveText(before!);
    await person.leave();
  });

  test(`a booking is moved and cancelled without scripts (${lang})`, async ({ browser }) => {
    const person = await desk(browser, "desktop", lang, false);
    const { page } = person;
    const day = await later(person, 11);
    const name = await enter(person, day);
    await appt(person, name).click();
    const drawer = page.locator(".drawer");
    await expect(drawer).toContainText(name);
    await person.looksRight("the details of a booking");
    await drawer.locator("summary").first().click();
    await drawer.getByRole("button", { name: person.word("schedule.shift.look") }).click();
    await expect(drawer.locator('select[name="time"]')).toBeVisible();
    await drawer.locator('select[name="time"] option').last().evaluate(() => undefined);
    const times = await drawer.locator('select[name="time"] option').evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value));
    await drawer.locator('select[name="time"]').selectOption(times[times.length - 1]);
    await drawer.locator('select[name="reason"]').first().selectOption("customer_asked");
    await drawer.getByRole("button", { name: person.word("schedule.shift.send") }).click();
    await expect(page.locator("main")).toContainText(person.word("schedule.moved"));
    await expect(drawer.locator(".drawer-time")).toContainText(times[times.length - 1]);
    await drawer.locator("summary").nth(1).click();
    await drawer.locator("#cancel-reason").selectOption("unwell");
    await drawer.getByRole("button", { name: person.word("schedule.cancel.send") }).click();
    await expect(page.locator("main")).toContainText(person.word("schedule.cancelled"));
    await expect(appt(person, name)).toHaveCount(0);
    await person.leave();
  });
}

test("a booking is held and dragged on a tablet", async ({ browser }) => {
  const person = await desk(browser, "tabletWide", "zh-CN");
  const { page } = person;
  const name = await enter(person, await later(person, 12));
  const block = appt(person, name);
  await block.scrollIntoViewIfNeeded();
  const box = (await block.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + 8];
  const finger = await person.context.newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: [number, number]) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
  await touch("touchStart", [x, y]);
  await expect(page.locator(".day-ghost")).toBeVisible();
  await expect(page.locator(".day-free").first()).toBeAttached();
  const lane = page.locator(".day-col:has(.day-free)").first();
  const to = (await lane.locator(".day-free").last().boundingBox())!;
  const target: [number, number] = [to.x + to.width / 2, Math.min(to.y + 30, 760)];
  await touch("touchMove", [(x + target[0]) / 2, (y + target[1]) / 2]);
  await touch("touchMove", target);
  await touch("touchEnd");
  await confirm(person);
  await person.leave();
});

test("week and month lead to the day", async ({ browser }) => {
  const person = await desk(browser, "desktop", "zh-CN");
  const { page } = person;
  await person.open("/schedule?view=week");
  await page.locator(".week-table a.full").first().click();
  await page.waitForURL(/view=day/);
  await person.open("/schedule?view=month");
  await page.locator(".month a.full").nth(14).click();
  await page.waitForURL(/view=day/);
  await expect(page.locator(".day")).toBeVisible();
  await person.leave();
});

test("a private calendar is given, renewed and switched off", async ({ browser }) => {
  const person = await Person.with(browser, { device: "tablet", lang: "zh-CN" });
  await signIn(person, staff.chair);
  await person.open("/account");
  const card = person.page.locator("#calendar");
  await card.getByRole("button", { name: /.+/ }).first().click();
  const field = card.locator("#calendar-address");
  await expect(field).toHaveValue(/\/calendar\/.+\.ics$/);
  const address = await field.inputValue();
  const reply = await person.page.request.get(new URL(address).pathname);
  expect(reply.status()).toBe(200);
  expect(await reply.text()).toContain("BEGIN:VCALENDAR");
  await card.getByRole("button", { name: person.word("schedule.feed.revoke") }).click();
  await expect(field).toHaveCount(0);
  expect((await person.page.request.get(new URL(address).pathname)).status()).toBe(404);
  await person.leave();
});
