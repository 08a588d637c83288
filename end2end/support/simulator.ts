// AWS as the tests see it: what it was asked, and how slowly it answers.

/** One request that arrived; the simulator's own log has more. */
export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly access_key_id: string | null;
  readonly status: number | null;
}

/** Charges of a day that are alike in service and in one more property. */
export interface Charges {
  readonly day: string;
  readonly service: string;
  readonly value: string;
  /** In units of 10⁻¹⁰ of a dollar. */
  readonly amount: string;
}

/** What charges can be told apart by, beside day and service. */
export type By = "linked_account" | "record_type" | "region" | "usage_type";

/** A running `cost-tracker simulate-aws`. */
export class Simulator {
  constructor(readonly url: string) {}

  /** Everything that was asked so far. */
  async requests(): Promise<AwsRequest[]> {
    return (await fetch(`${this.url}/_simulator/requests`)).json();
  }

  /** The sample company's books: the days from `start` until before `end`. */
  async charges(start: string, end: string, metric: string, by: By): Promise<Charges[]> {
    const query = new URLSearchParams({ start, end, metric, by });
    const response = await fetch(`${this.url}/_simulator/charges?${query}`);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  /** Makes every answer take this long. */
  delay(milliseconds: number): Promise<void> {
    return this.fault({ latency_ms: milliseconds });
  }

  /** Makes Cost Explorer answer everything with this error. */
  refuse(code: string): Promise<void> {
    const outcome = { status: 400, code, message: "Not any more." };
    return this.fault({ service: "ce", shares: [{ percent: 100, outcome }] });
  }

  /** Changes what was used on some days, as if AWS had billed it so. */
  async restate(order: { start: string; end: string; percent: number; service?: string }): Promise<void> {
    const body = JSON.stringify(order);
    const response = await fetch(`${this.url}/_simulator/restatements`, { method: "PUT", body });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Takes all of that back. */
  async forgetRestatements(): Promise<void> {
    const response = await fetch(`${this.url}/_simulator/restatements`, { method: "DELETE" });
    if (!response.ok) throw new Error(await response.text());
  }

  private async fault(rule: object): Promise<void> {
    const response = await fetch(`${this.url}/_simulator/faults`, {
      method: "PUT",
      body: JSON.stringify(rule),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Makes a role's trust policy demand this ExternalId. */
  async trust(roleArn: string, externalId: string): Promise<void> {
    const response = await fetch(`${this.url}/_simulator/roles`, {
      method: "PUT",
      body: JSON.stringify({ role_arn: roleArn, external_id: externalId }),
    });
    if (!response.ok) throw new Error(await response.text());
  }
}
