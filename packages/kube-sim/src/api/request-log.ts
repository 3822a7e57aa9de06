/** Tells what the API server was asked, so that a test can count what its console asks of a cluster. */

export interface SeenRequest {
  method: string;
  /** Path with query. */
  url: string;
  /** Whom it acts as, impersonation included; '' where that was not found out. */
  user: string;
}

export class RequestLog {
  readonly #listeners = new Set<(request: SeenRequest) => void>();

  /** @returns what ends the telling */
  onRequest(listener: (request: SeenRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(request: { method?: string | undefined; url?: string | undefined }, user: string): void {
    for (const listener of this.#listeners)
      listener({ method: request.method ?? "GET", url: request.url ?? "/", user });
  }
}
