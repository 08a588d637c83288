// Days and how periods are cut and compared, told apart from how the product does it. Days are
// texts such as `2026-11-24`: they are in order as texts are.

/** The days from `start` until before `end`. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

/** What a period is cut into. */
export type Step = "daily" | "weekly" | "monthly" | "total";

const DAY = 86_400_000;

/** So many days later. */
export function plus(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** How many days it has. */
export function length({ start, end }: Period): number {
  return (Date.parse(end) - Date.parse(start)) / DAY;
}

/** Whether a day is one of its days. */
export function has({ start, end }: Period, day: string): boolean {
  return start <= day && day < end;
}

/** The pieces in order; the first and the last may be cut. */
export function pieces({ start, end }: Period, step: Step): Period[] {
  const all: Period[] = [];
  for (let from = start; from < end; ) {
    const next = step === "total" ? end : after(from, step);
    const until = next < end ? next : end;
    all.push({ start: from, end: until });
    from = until;
  }
  return all;
}

/** The first day that is in another piece. */
function after(day: string, step: Exclude<Step, "total">): string {
  if (step === "daily") return plus(day, 1);
  // Sunday is 0, and the last of a week.
  if (step === "weekly") return plus(day, 7 - ((new Date(day).getUTCDay() + 6) % 7));
  return monthsLater(`${day.slice(0, 7)}-01`, 1);
}

/** The same day so many months later; where that month is shorter, its last day. */
function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return `${last.toISOString().slice(0, 8)}${String(Math.min(date, last.getUTCDate())).padStart(2, "0")}`;
}

/** The same days a month ago: of whole months whole months. */
export function monthAgo({ start, end }: Period): Period {
  const isWhole = start.endsWith("-01") && end.endsWith("-01");
  const until = isWhole ? monthsLater(end, -1) : plus(monthsLater(plus(end, -1), -1), 1);
  return { start: monthsLater(start, -1), end: until };
}

/** As many days right before; from the first of a month on, as many months. */
export function before(period: Period): Period {
  const { start, end } = period;
  const months = pieces(period, "monthly").length;
  if (start.endsWith("-01") && end.endsWith("-01")) {
    return { start: monthsLater(start, -months), end: start };
  }
  if (start.endsWith("-01") && months === 1) return monthAgo(period);
  return { start: plus(start, -length(period)), end: start };
}

/** The part of another period beside each piece: of months the same one in the order, else the days as far from the start. */
export function beside(period: Period, other: Period, step: Step): (Period | undefined)[] {
  const own = pieces(period, step);
  if (step === "monthly" || step === "total") {
    const theirs = pieces(other, step);
    return own.map((_, place) => theirs[place]);
  }
  const asFar = (day: string) => {
    const there = plus(other.start, length({ start: period.start, end: day }));
    return there < other.end ? there : other.end;
  };
  return own.map((piece) => {
    const there = { start: asFar(piece.start), end: asFar(piece.end) };
    return there.start < there.end ? there : undefined;
  });
}
