// Days on which careless arithmetic goes wrong. The page shows inclusive dates.
import { expect, test } from "../fixtures";
import { amount, figure } from "../support/money";
import { connectSample, setUp } from "../support/person";

const DAYS = [
  {
    today: "2026-11-01",
    month: "1 Nov 2026",
    sameDay: "1 Oct 2026",
    last: "1–31 Oct 2026",
    chart: "1 Jun – 1 Nov 2026, days in UTC",
  },
  {
    today: "2027-02-28",
    month: "1–28 Feb 2027",
    sameDay: "1–28 Jan 2027",
    last: "1–31 Jan 2027",
    chart: "1 Sep 2026 – 28 Feb 2027, days in UTC",
  },
  {
    today: "2028-02-29",
    month: "1–29 Feb 2028",
    sameDay: "1–29 Jan 2028",
    last: "1–31 Jan 2028",
    chart: "1 Sep 2027 – 29 Feb 2028, days in UTC",
  },
  {
    // February has no 31st: its days are all there are.
    today: "2027-03-31",
    month: "1–31 Mar 2027",
    sameDay: "1–28 Feb 2027",
    last: "1–28 Feb 2027",
    chart: "1 Oct 2026 – 31 Mar 2027, days in UTC",
  },
];

for (const { today, month, sameDay, last, chart } of DAYS) {
  test.describe(today, () => {
    test.use({ today });

    test("the figures' periods end today", { tag: "@any-width" }, async ({ page }) => {
      await setUp(page);
      await connectSample(page);
      const now = figure(page, "This month so far");
      const same = figure(page, "Last month to the same day");
      const before = figure(page, "Last month");
      await expect(now).toContainText(month);
      await expect(same).toContainText(sameDay);
      await expect(before).toContainText(last);
      await expect(page.getByText(chart)).toBeVisible();

      // They come before everything else: with the first answer.
      await expect(before.locator("data")).toBeVisible({ timeout: 30_000 });
      await expect(now.locator("data")).toBeVisible();
      const [nowAmount, sameAmount, beforeAmount] = [
        await amount(now),
        await amount(same),
        await amount(before),
      ];
      expect(nowAmount).toBeGreaterThan(0n);
      if (sameDay === last) expect(sameAmount).toBe(beforeAmount);
      else expect(sameAmount).toBeLessThan(beforeAmount);
      expect(await amount(figure(page, "Change"))).toBe(nowAmount - sameAmount);
      await expect(now).toContainText(/unfinished/);
    });
  });
}
