/** Continue tokens: a page goes on in the very snapshot it began with, or answers 410. */
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, StatusError } from "../store/status-error.ts";

interface Snapshot {
  version: number;
  objects: readonly KubeObject[];
  usedAtMs: number;
}

const LIFETIME_MS = 5 * 60_000;
const MOST_SNAPSHOTS = 128;

export class ListPages {
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers a listing so that `position` in it can be continued; returns the token. */
  keep(collection: string, version: number, objects: readonly KubeObject[], position: number): string {
    this.#forgetOld();
    const id = `${collection}@${version}`;
    this.#snapshots.set(id, { version, objects, usedAtMs: this.#now() });
    return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: position })).toString(
      "base64url",
    );
  }

  resume(
    collection: string,
    token: string,
  ): { version: number; objects: readonly KubeObject[]; position: number } {
    let version: unknown;
    let start: unknown;
    try {
      ({ rv: version, start } = JSON.parse(Buffer.from(token, "base64url").toString()) as Record<
        string,
        unknown
      >); // checked below
    } catch {
      throw badRequest("continue key is not valid: invalid character");
    }
    if (typeof version !== "number" || typeof start !== "number")
      throw badRequest("continue key is not valid");
    const snapshot = this.#snapshots.get(`${collection}@${version}`);
    if (snapshot === undefined || snapshot.usedAtMs < this.#now() - LIFETIME_MS) {
      throw new StatusError(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
      );
    }
    snapshot.usedAtMs = this.#now();
    return { version, objects: snapshot.objects, position: start };
  }

  expireAll(): void {
    this.#snapshots.clear();
  }

  #forgetOld(): void {
    for (const [id, snapshot] of this.#snapshots) {
      if (snapshot.usedAtMs < this.#now() - LIFETIME_MS || this.#snapshots.size > MOST_SNAPSHOTS) {
        this.#snapshots.delete(id);
      }
    }
  }
}
