import { expect, test } from "@playwright/test";
import { staff } from "./steps";
import { type Device, Person, languages, signIn } from "./support";

// What the manager sets, and the bookings that a change strands (BOOK-1, BOOK-2, STAFF-5).
const devices: Device[] = ["desktop", "tablet"];
for (const [n, lang] of languages.entries()) {
  const device = devices[n % devices.length]!;
  test(`a service is changed, and wrong input is said at its field (${lang}, ${device})`, async ({ browser }) => {
    const owner = await Person.with(browser, { device, lang });
    const { page } = owner;
    await signIn(owner, staff.owner);
    await owner.open("/settings");
    await owner.looksRight("the list of services");
    await page.locator("ul.rows a.row").first().click();
    await page.waitForURL(/\/settings\/services\//);
    await owner.ready();
    await owner.looksRight("a service");
    await page.locator('input[name="price"]').fill("abc");
    const save = page.getByRole("button", { name: owner.word("common.save"), exact: true });
    await owner.refused("branch/save_service", 422, () => save.click());
    await expect(page.locator(".error").first()).toBeVisible();
    await expect(page.locator('input[name="price"]')).toHaveValue("abc");
    const price = String(300 + Math.floor(Math.random() * 500));
    await page.locator('input[name="price"]').fill(price);
    await save.click();
    await page.waitForURL(/saved=/);
    await expect(page.locator('input[name="price"]')).toHaveValue(price);
    await owner.leave();
  });

  test(`taking a day off strands bookings, which are then rearranged (${lang}, ${device})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const manager = await Person.with(browser, { device, lang });
    const { page } = manager;
    await signIn(manager, staff.manager);
    // Each language takes another week to come, by the salon's calendar: somebody there has something booked.
    await manager.open("/settings/rota");
    for (let i = 0; i <= n; i++) {
      const shown = page.url();
      await page.getByRole("link", { name: manager.word("manage.rota.after"), exact: true }).click();
      await page.waitForURL((url) => url.href !== shown);
      const week = new URL(page.url()).searchParams.get("week");
      await expect(page.locator(`a.rota-cell[href$="/${week}"]`).first()).toBeVisible();
    }
    await manager.looksRight("the rota");
    const booked = lang === "en" ? "booked" : "已约";
    await page.locator("a.rota-cell", { hasText: booked }).first().click();
    await page.waitForURL(/\/settings\/rota\/.+\//);
    await manager.ready();
    await page.locator('input[name="breaks"]').fill("");
    await page.locator('input[name="shifts"]').fill("");
    const save = page.getByRole("button", { name: manager.word("common.save"), exact: true });
    await manager.refused("staff/save_shift", 409, () => save.click());
    await expect(page.locator(".strand")).toBeVisible();
    await manager.looksRight("the question before bookings are stranded");
    await page.locator('label:has(input[name="confirm"])').click();
    await save.click();
    await page.waitForURL(/saved=/);
    await manager.open("/settings/stranded");
    await manager.looksRight("the stranded bookings");
    const rows = page.locator("ul.rows a.row");
    const before = await rows.count();
    expect(before).toBeGreaterThan(0);
    await rows.last().click();
    await page.waitForURL(/\/settings\/stranded\/.+/);
    await manager.ready();
    await manager.looksRight("the ways out");
    if ((await page.locator('input[name="to"]').count()) > 0) {
      await page.getByRole("button", { name: manager.word("manage.stranded.move_to") }).click();
    } else {
      await page.locator("details.card summary").click();
      await page.getByRole("button", { name: manager.word("manage.stranded.do_cancel") }).click();
    }
    await page.waitForURL(/\/settings\/stranded\?saved=/);
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeLessThan(before);
    await manager.leave();
  });

  test(`a week is copied and a special day closed without scripts (${lang})`, async ({ browser }) => {
    const manager = await Person.with(browser, { device, lang, scripts: false });
    const { page } = manager;
    await signIn(manager, staff.manager);
    const far = `2027-03-0${3 + n}`;
    await manager.open(`/settings/rota?week=${far}`);
    await page.getByRole("button", { name: manager.word("manage.rota.do_copy"), exact: true }).click();
    await page.waitForURL(/saved=/);
    await manager.open("/settings/hours");
    const form = page.locator('form:has(input[name="note"])');
    await form.locator('input[name="day"]').fill(far);
    await form.locator('input[name="hours"]').fill("soon");
    await form.locator('input[name="note"]').fill("盘点");
    await form.locator('button[type="submit"]').click();
    await expect(page.locator(".error").first()).toBeVisible();
    await expect(form.locator('input[name="note"]')).toHaveValue("盘点");
    await form.locator('input[name="hours"]').fill("");
    await form.locator('button[type="submit"]').click();
    await page.waitForURL(/saved=/);
    await expect(page.locator(`input[name="day"][value="${far}"]`)).toHaveCount(1);
    await manager.leave();
  });
}
