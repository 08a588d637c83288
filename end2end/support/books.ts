// The books as the product has to show them, and a way to draw lots that can be drawn again.
import { createHash } from "node:crypto";
import type { Charges } from "./simulator";

/** Metrics of money: in the pages' addresses, and as the books know them. */
export const METRICS = {
  unblended: "UnblendedCost",
  amortized: "AmortizedCost",
  blended: "BlendedCost",
  "net-unblended": "NetUnblendedCost",
  "net-amortized": "NetAmortizedCost",
} as const;

/** Charges in billionths, rounded once, as each stored row is. */
export interface Rounded {
  readonly day: string;
  readonly service: string;
  readonly value: string;
  readonly amount: bigint;
}

/** Rounds each to billionths, half to even. */
export function exact(charges: readonly Charges[]): Rounded[] {
  return charges.map(({ amount, ...of }) => ({ ...of, amount: tenth(BigInt(amount)) }));
}

function tenth(amount: bigint): bigint {
  const size = amount < 0n ? -amount : amount;
  const [whole, rest] = [size / 10n, size % 10n];
  const up = rest > 5n || (rest === 5n && whole % 2n === 1n);
  const rounded = up ? whole + 1n : whole;
  return amount < 0n ? -rounded : rounded;
}

/** Lots from a seed: another each time, or `COST_TRACKER_END2END_SEED` to see one again. */
export class Dice {
  readonly seed = process.env.COST_TRACKER_END2END_SEED ?? `${Date.now()}`;
  #thrown = 0;

  /** From 0 until before `count`. */
  below(count: number): number {
    this.#thrown += 1;
    const digest = createHash("sha256").update(`${this.seed}:${this.#thrown}`).digest();
    return digest.readUInt32BE() % count;
  }

  /** One of them. */
  of<T>(all: readonly T[]): T {
    const one = all[this.below(all.length)];
    if (one === undefined) throw new Error("nothing to choose from");
    return one;
  }

  /** A day and a later one, of those from `first` to `last`. */
  days(first: string, last: string): [string, string] {
    const day = 86_400_000;
    const [from, to] = [Date.parse(first), Date.parse(last)];
    const start = from + this.below((to - from) / day) * day;
    const end = start + (1 + this.below((to - start) / day)) * day;
    return [start, end].map((one) => new Date(one).toISOString().slice(0, 10)) as [string, string];
  }
}
