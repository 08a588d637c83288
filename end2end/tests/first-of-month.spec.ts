// Days on which careless arithmetic goes wrong. The page shows inclusive dates.
import { expect, test } from "../fixtures";
import { amount, figure, table } from "../support/money";
import { connectSample, setUp } from "../support/person";

const DAYS = [
  {
    today: "2026-11-01",
    month: "1 Nov 2026",
    last: "1–31 Oct 2026",
    chart: "1 Jun – 1 Nov 2026, days in UTC",
  },
  {
    today: "2027-02-28",
    month: "1–28 Feb 2027",
    compared: "1–26 Feb 2027 against 1–26 Jan 2027",
    last: "1–31 Jan 2027",
    chart: "1 Sep 2026 – 28 Feb 2027, days in UTC",
  },
  {
    today: "2028-02-29",
    month: "1–29 Feb 2028",
    compared: "1–27 Feb 2028 against 1–27 Jan 2028",
    last: "1–31 Jan 2028",
    chart: "1 Sep 2027 – 29 Feb 2028, days in UTC",
  },
  {
    // February has no 29th: its days are all there are to compare.
    today: "2027-03-31",
    month: "1–31 Mar 2027",
    compared: "1–28 Mar 2027 against 1–28 Feb 2027",
    last: "1–28 Feb 2027",
    chart: "1 Oct 2026 – 31 Mar 2027, days in UTC",
  },
];

for (const { today, month, compared, last, chart } of DAYS) {
  test.describe(today, () => {
    test.use({ today });

    test("the figures' periods end today", { tag: "@any-width" }, async ({ page }) => {
      await setUp(page);
      await connectSample(page);
      const now = figure(page, "This month so far");
      const change = figure(page, "Change");
      const before = figure(page, "Last month");
      await expect(now).toContainText(month);
      await expect(before).toContainText(last);
      await expect(page.getByText(chart)).toBeVisible();

      // They come before everything else: with the first answer.
      await expect(before.locator("data")).toBeVisible({ timeout: 30_000 });
      await expect(now.locator("data")).toBeVisible();
      expect(await amount(now)).toBeGreaterThan(0n);
      if (compared === undefined) {
        await expect(change).toContainText("No day of this month is finished yet");
      } else {
        await expect(change).toContainText(compared);
        const { totals } = await table(page, "What changed most");
        expect(await amount(change)).toBe(totals[0]);
      }
      await expect(now).toContainText(/unfinished/);
    });
  });
}
