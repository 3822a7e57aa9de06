/** The keys that an identity provider signs with: fetched before something is spent that only they can make sense of. */
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from "jose";
import type { Clock } from "../kube/clock.ts";

/** A key that the provider withdrew counts this long at most. */
const freshMs = 5 * 60_000;
const timeoutMs = 5000;
/** For tokens that anybody may send: however many name a key that there is not, the provider is asked this often at most. */
const strangersFetchEveryMs = 1000;
/** What a shared secret or nobody proves is no signature. */
const signatures = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** Whether a token is to be trusted cannot be told now; asking again may help. */
export class KeysUnreachableError extends Error {}

/** No key of the provider made this token. */
export class ForgedTokenError extends Error {}

/** What has no header that can be read is no token of anybody's: no other key would help. */
function namesKey(token: string): boolean {
  try {
    return decodeProtectedHeader(token).kid !== undefined;
  } catch {
    return true;
  }
}

export class IssuerKeys {
  readonly #clock: Pick<Clock, "monotonicMs" | "sleep">;
  #known: { url: string; find: ReturnType<typeof createLocalJWKSet>; atMs: number } | null = null;
  #fetching: Promise<void> | null = null;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #inTurn: Promise<void> | null = null;

  constructor(clock: Pick<Clock, "monotonicMs" | "sleep">) {
    this.#clock = clock;
  }

  /** Has keys at hand that are fresh enough. @throws KeysUnreachableError */
  async ready(url: string): Promise<void> {
    if (!this.#isFresh(url)) await this.#fetch(url);
  }

  #isFresh(url: string): boolean {
    const ageMs = this.#clock.monotonicMs() - (this.#known?.atMs ?? Number.NEGATIVE_INFINITY);
    return this.#known?.url === url && ageMs < freshMs;
  }

  /**
   * Whether one of the provider's keys signed the token. Where it names none, all that fit its algorithm are tried; where none
   * is known, they are fetched again once: the provider may have made one a moment ago.
   * @param algorithms that the provider declares to sign with
   * @param from whom the token came: from the provider itself, or from anybody who says that he is
   * @throws ForgedTokenError, KeysUnreachableError
   */
  async verify(
    token: string,
    url: string,
    algorithms: readonly string[],
    from: "provider" | "anybody",
  ): Promise<void> {
    const fetchKeys = async () => (from === "provider" ? this.#fetch(url) : this.#fetchInTurn(url));
    if (!this.#isFresh(url)) await fetchKeys();
    if (await this.#isSigned(token, algorithms)) return;
    await fetchKeys();
    if (!(await this.#isSigned(token, algorithms)))
      throw new ForgedTokenError("The identity provider has no key that signed the token");
  }

  /** @returns false where no key fits; @throws ForgedTokenError where no other key would help */
  async #isSigned(token: string, algorithms: readonly string[]): Promise<boolean> {
    const find = this.#known?.find;
    if (find === undefined) return false;
    const options = { algorithms: algorithms.filter((one) => signatures.test(one)) };
    try {
      await compactVerify(token, find, options);
      return true;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return false;
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) {
        if (!(error instanceof errors.JOSEAlgNotAllowed) && !namesKey(token)) return false;
        throw new ForgedTokenError("The signature of the token is wrong", { cause: error });
      }
      for await (const key of error) {
        try {
          await compactVerify(token, key, options);
          return true;
        } catch {
          // another one may have signed it
        }
      }
      return false;
    }
  }

  async #fetchInTurn(url: string): Promise<void> {
    this.#inTurn ??= this.#fetchSoon(url).finally(() => {
      this.#inTurn = null;
    });
    await this.#inTurn;
  }

  async #fetchSoon(url: string): Promise<void> {
    const waitMs = this.#fetchedAtMs + strangersFetchEveryMs - this.#clock.monotonicMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs);
    await this.#fetch(url);
  }

  async #fetch(url: string): Promise<void> {
    this.#fetching ??= this.#fetchNow(url).finally(() => {
      this.#fetching = null;
    });
    await this.#fetching;
  }

  async #fetchNow(url: string): Promise<void> {
    this.#fetchedAtMs = this.#clock.monotonicMs();
    try {
      const answer = await fetch(url, {
        headers: { accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!answer.ok) throw new Error(`It answered ${answer.status}`);
      const find = createLocalJWKSet((await answer.json()) as JSONWebKeySet); // which looks at its shape itself
      this.#known = { url, find, atMs: this.#clock.monotonicMs() };
    } catch (error) {
      throw new KeysUnreachableError("The keys of the identity provider cannot be fetched", { cause: error });
    }
  }
}
