// What a page should never do: complain, fail, or carry a secret in an address.
import type { Page } from "@playwright/test";

/** Collects it, and fails the test that provoked it. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** `secrets` are the texts that no address may carry; `scripts` whether any run. */
  constructor(
    private readonly secrets: readonly string[],
    private readonly scripts: boolean,
  ) {}

  /** Allows, and from now on demands, a complaint. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Listens to a page; the fixtures' own page is listened to already. */
  listen(page: Page): void {
    // A violation of the content security policy is a console error.
    page.on("console", (message) => {
      // What is fetched ahead stays unused where no script runs, and pieces of the browser half
      // wait for its main part, on a busy machine too; Chromium says so after seconds.
      const ahead = message.text().includes("was preloaded using link preload");
      const unused = ahead && (!this.scripts || message.text().includes(".wasm was preloaded"));
      if ((message.type() === "error" || message.type() === "warning") && !unused) {
        const { url } = message.location();
        this.heard.push(`console ${message.type()}: ${message.text()} (${url})`);
      }
    });
    page.on("pageerror", (error) => this.heard.push(`exception: ${error}`));
    page.on("request", (request) => this.read(request.url()));
    page.on("framenavigated", (frame) => this.read(frame.url()));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "no reason given";
      // Leaving a page ends its requests; that is no failure.
      // And where scripts are off, Chromium refuses to load any ahead.
      const ahead = reason === "csp" && !this.scripts && request.url().endsWith(".js");
      if (reason !== "net::ERR_ABORTED" && !ahead) {
        this.heard.push(`request: ${request.method()} ${request.url()} ${reason}`);
      }
    });
    page.on("response", (response) => {
      if (response.status() >= 400) {
        const method = response.request().method();
        this.heard.push(`response: ${method} ${response.url()} ${response.status()} `);
      }
    });
  }

  private read(url: string): void {
    const plain = decodeURIComponent(url.replaceAll("+", " "));
    for (const secret of this.secrets) {
      if (plain.includes(secret) || url.includes(secret)) {
        this.heard.push(`a secret in an address: ${url}`);
      }
    }
  }

  /** Throws when something was heard that nobody expected, or the reverse. */
  settle(): void {
    const unexpected = this.heard.filter(
      (line) => !this.expected.some((pattern) => pattern.test(line)),
    );
    if (unexpected.length > 0) {
      throw new Error(`the page complained:\n${unexpected.join("\n")}`);
    }
    const missing = this.expected.filter(
      (pattern) => !this.heard.some((line) => pattern.test(line)),
    );
    if (missing.length > 0) {
      throw new Error(`expected complaints that never came: ${missing.join(", ")}`);
    }
  }
}
