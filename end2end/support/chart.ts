// The daily chart as a person sees it: pixels, and the texts painted into them.
// ECharts draws everything into one canvas, so the only way to read a label is to
// listen to what is painted.
import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";

declare global {
  interface Window {
    painted?: { text: string; left: number }[];
    echarts?: {
      getInstanceByDom(frame: HTMLElement): { getOption(): { series: { type: string }[] } } | undefined;
    };
  }
}

/** Kinds of charts as links name them, and as ECharts draws them; the first one's own last. */
export const KINDS = [
  ["Lines", "line"],
  ["Areas", "line"],
  ["Treemap", "treemap"],
  ["Calendar", "heatmap"],
  ["Bars", "bar"],
] as const;

/** The chart of the Overview. */
export class Chart {
  readonly frame: Locator;
  readonly canvas: Locator;

  constructor(private readonly page: Page) {
    this.frame = page.getByRole("img", { name: /^(Bar chart|Chart of)/ });
    this.canvas = this.frame.locator("canvas").first();
  }

  /** To be called before the page is opened: hears what will be painted. */
  static async listen(page: Page): Promise<void> {
    await page.addInitScript(() => {
      const painted: { text: string; left: number }[] = [];
      window.painted = painted;
      const paint = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y, width) {
        painted.push({ text, left: this.getTransform().e + x });
        if (width === undefined) paint.call(this, text, x, y);
        else paint.call(this, text, x, y, width);
      };
    });
  }

  /** Scrolls to it, since it's drawn only where somebody is about to see it. */
  async reach(): Promise<void> {
    // The one the server has drawn may be replaced just before it's scrolled to.
    await expect(async () => {
      await this.frame.evaluate((frame) => frame.scrollIntoView({ block: "nearest" }));
      await expect(this.frame).toBeInViewport({ ratio: 0.99, timeout: 250 });
    }).toPass();
  }

  /** Scrolls to it and waits for it. */
  async drawn(): Promise<void> {
    await this.reach();
    await expect(this.canvas).toBeVisible();
    await expect.poll(() => this.ink()).toBeGreaterThan(1000);
    // Its first zoom and size are painted in the next frame.
    await this.frame.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** What kinds of series are drawn, as ECharts calls them. */
  kinds(): Promise<string[]> {
    return this.frame.evaluate((frame: HTMLElement) => {
      const { series } = window.echarts?.getInstanceByDom(frame)?.getOption() ?? {};
      return [...new Set((series ?? []).map(({ type }) => type))].sort();
    });
  }

  /** How many pixels have a colour; of that colour, if one is given. */
  ink(colour?: string): Promise<number> {
    return this.canvas.evaluate((canvas: HTMLCanvasElement, wanted) => {
      // From a copy: reading the chart's own canvas makes Chromium complain.
      const copy = new OffscreenCanvas(canvas.width || 1, canvas.height || 1);
      const context = copy.getContext("2d", { willReadFrequently: true });
      if (context === null || canvas.width === 0) return 0;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const [red, green, blue] = wanted?.match(/\d+/g)?.map(Number) ?? [];
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 0) continue;
        const same = data[at] === red && data[at + 1] === green && data[at + 2] === blue;
        if (wanted === undefined || same) count += 1;
      }
      return count;
    }, colour);
  }

  /** All texts painted since the last call, in their order. */
  painted(): Promise<string[]> {
    return this.page.evaluate(() =>
      (window.painted ?? []).splice(0).map(({ text }) => text),
    );
  }

  /** Does something that paints, and waits until the texts painted satisfy. */
  async paints(act: () => Promise<unknown>, wanted: RegExp): Promise<string> {
    await this.painted();
    await act();
    let all: string[] = [];
    await expect
      .poll(async () => (all = all.concat(await this.painted())).join("\n"))
      .toMatch(wanted);
    return all.join("\n");
  }

  /** The entry in the legend, and the colour that stands beside it. */
  async entry(place: number): Promise<{ button: Locator; colour: string }> {
    const list = this.page.getByRole("list", { name: "Services in the chart" });
    const button = list.getByRole("button").nth(place);
    const swatch = button.locator("span").first();
    const colour = await swatch.evaluate((span) => getComputedStyle(span).backgroundColor);
    return { button, colour };
  }

  /** The left end of the slider, where the pointer says that it can be dragged. */
  async sliderEnd(): Promise<{ x: number; y: number }> {
    const { x } = await this.at(0, 0);
    const { y } = await this.at(0, 1);
    const height = y - 22;
    const found: number[] = [];
    for (let left = x; left < x + 90; left += 3) {
      await this.page.mouse.move(left, height);
      const cursor = await this.canvas.evaluate((canvas) => canvas.parentElement?.style.cursor);
      if (cursor === "ew-resize") found.push(left);
    }
    const middle = found[Math.floor(found.length / 2)];
    if (middle === undefined) throw new Error("the slider has no end");
    return { x: middle, y: height };
  }

  /** A place inside: shares of its width and height. */
  async at(across: number, down: number): Promise<{ x: number; y: number }> {
    await this.frame.scrollIntoViewIfNeeded();
    const box = await this.frame.boundingBox();
    if (box === null) throw new Error("the chart isn't on the page");
    return { x: box.x + box.width * across, y: box.y + box.height * down };
  }
}
