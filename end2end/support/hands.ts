// The two ways in which people work a page: with a pointer, and with keys alone.
import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** What one does with controls. */
export interface Hands {
  /** Follows a link, presses a button, ticks a box, unfolds. */
  press(control: Locator): Promise<void>;
  /** Chooses from a list by what is read there. */
  choose(list: Locator, option: string): Promise<void>;
  /** Writes into an empty field and leaves it. */
  write(field: Locator, text: string): Promise<void>;
  /** Enters a day such as `2026-10-10`. */
  enter(field: Locator, day: string): Promise<void>;
}

/** A mouse, or a finger. */
export class Pointer implements Hands {
  async press(control: Locator): Promise<void> {
    await control.click();
  }

  async choose(list: Locator, option: string): Promise<void> {
    // The open list is the system's own; nothing of it is on the page.
    await list.selectOption({ label: option });
  }

  async write(field: Locator, text: string): Promise<void> {
    await field.click();
    await field.fill(text);
    await field.blur();
  }

  async enter(field: Locator, day: string): Promise<void> {
    await field.fill(day);
  }
}

/** Keys alone: what isn't reached by them isn't worked. */
export class Keyboard implements Hands {
  constructor(private readonly page: Page) {}

  async press(control: Locator): Promise<void> {
    await this.reach(control);
    const isBox = await control.evaluate((one) => one.matches("input[type=checkbox]"));
    await this.page.keyboard.press(isBox ? "Space" : "Enter");
  }

  async choose(list: Locator, option: string): Promise<void> {
    await this.reach(list);
    const { values, from, to } = await list.evaluate((select: HTMLSelectElement, label) => {
      const options = [...select.options];
      const to = options.findIndex((one) => one.label === label);
      return { values: options.map((one) => one.value), from: select.selectedIndex, to };
    }, option);
    expect(to, `“${option}” is offered`).toBeGreaterThanOrEqual(0);
    const last = values.length - 1;
    // The shortest way: from here, from the beginning, or from the end.
    const ways = [
      { first: undefined, at: from },
      { first: "Home", at: 0 },
      { first: "End", at: last },
    ].sort((one, other) => length(one, to) - length(other, to));
    let { first, at } = ways[0] ?? { first: undefined, at: from };
    if (first !== undefined) await this.chooseNext(list, first, values[at]);
    while (at !== to) {
      const key = at < to ? "ArrowDown" : "ArrowUp";
      at += at < to ? 1 : -1;
      await this.chooseNext(list, key, values[at]);
    }
  }

  async write(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Tab");
  }

  async enter(field: Locator, day: string): Promise<void> {
    const [year = "", month = "", date = ""] = day.split("-");
    // Whether the day or the month comes first is the browser's language.
    expect(month, "a day that reads the same in every language").toBe(date);
    await this.reach(field);
    await this.page.keyboard.type(date + month + year);
    await expect(field).toHaveValue(day);
  }

  private async reach(control: Locator): Promise<void> {
    await control.focus();
    await expect(control).toBeFocused();
  }

  /** Each choice takes effect at once; the list has the focus again for the next. */
  private async chooseNext(list: Locator, key: string, value: string | undefined): Promise<void> {
    await expect(list).toBeFocused();
    await this.page.keyboard.press(key);
    await expect(list).toHaveValue(value ?? "");
  }
}

function length(way: { first: string | undefined; at: number }, to: number): number {
  return (way.first === undefined ? 0 : 1) + Math.abs(way.at - to);
}
