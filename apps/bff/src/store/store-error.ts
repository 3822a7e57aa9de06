/** The console's own database does not answer; nothing is known of what was asked. */
export class StoreUnavailableError extends Error {
  constructor(cause: unknown) {
    super("The console's database is not available", { cause });
    this.name = "StoreUnavailableError";
  }
}
