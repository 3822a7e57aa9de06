/**
 * Continue tokens: a page goes on in the very moment it began in, or answers 410 with a token that goes on with what there
 * is now. Source: apiserver's pkg/storage/continue.go and pkg/storage/etcd3/errors.go.
 */
import type { Kind } from "../schema/kind.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { badRequest, StatusError } from "../store/status-error.ts";

interface Snapshot {
  objects: readonly KubeObject[];
  usedAtMs: number;
}

export interface Moment {
  version: number;
  objects: readonly KubeObject[];
  /** Of the first object that the page may show. */
  position: number;
}

const LIFETIME_MS = 5 * 60_000;
const MOST_SNAPSHOTS = 128;
/** In a token: the newest version there is. */
const NEWEST = -1;

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

export class ListPages {
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #now: () => number;
  readonly #store: KubeStore;
  #expiredVersion = 0;

  constructor(store: KubeStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Remembers a listing so that it can be continued behind `last`; returns the token. */
  keep(kind: Kind, namespace: string, { version, objects }: Moment, last: KubeObject): string {
    this.#forgetOld();
    this.#snapshots.set(idOf(kind, namespace, version), { objects, usedAtMs: this.#now() });
    return tokenOf(version, keyOf(last));
  }

  /** Where a token goes on. */
  resume(kind: Kind, namespace: string, token: string): Moment {
    const { version, after } = readToken(token);
    if (version === NEWEST) {
      const objects = this.#store.snapshot(kind, namespace === "" ? undefined : namespace);
      return { version: this.#store.version, objects, position: positionAfter(objects, after) };
    }
    if (version <= this.#expiredVersion) throw expired(after);
    const id = idOf(kind, namespace, version);
    const snapshot = this.#snapshots.get(id);
    const objects =
      snapshot === undefined || snapshot.usedAtMs < this.#now() - LIFETIME_MS
        ? this.#store.snapshotAt(kind, namespace === "" ? undefined : namespace, version)
        : snapshot.objects;
    if (objects === undefined) throw expired(after);
    if (snapshot !== undefined) snapshot.usedAtMs = this.#now();
    return { version, objects, position: positionAfter(objects, after) };
  }

  expireAll(): void {
    this.#snapshots.clear();
    this.#expiredVersion = this.#store.version;
  }

  #forgetOld(): void {
    for (const [id, snapshot] of this.#snapshots) {
      if (snapshot.usedAtMs < this.#now() - LIFETIME_MS || this.#snapshots.size > MOST_SNAPSHOTS) {
        this.#snapshots.delete(id);
      }
    }
  }
}

const idOf = (kind: Kind, namespace: string, version: number): string =>
  `${kind.group}/${kind.resource}/${namespace}@${version}`;

const tokenOf = (version: number, after: string): string =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: `${after}\u0000` })).toString(
    "base64url",
  );

function readToken(token: string): { version: number; after: string } {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(token, "base64url").toString());
  } catch {
    throw badRequest("invalid continue token: continue key is not valid");
  }
  const { rv, start } = (content ?? {}) as { rv?: unknown; start?: unknown }; // checked below
  if (typeof rv !== "number" || rv === 0) {
    throw badRequest(
      "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
    );
  }
  if (typeof start !== "string" || start === "") {
    throw badRequest(
      "invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
    );
  }
  return { version: rv, after: start.endsWith("\u0000") ? start.slice(0, -1) : start };
}

/** Objects come by namespace, then by name. */
function positionAfter(objects: readonly KubeObject[], after: string): number {
  const slash = after.indexOf("/");
  const [namespace, name] = [after.slice(0, slash), after.slice(slash + 1)];
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const metadata = objects[middle]?.metadata;
    const here = metadata?.namespace ?? "";
    const isBefore = here === namespace ? (metadata?.name ?? "") <= name : here < namespace;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

function expired(after: string): StatusError {
  const error = new StatusError(
    410,
    "Expired",
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
  );
  error.status.metadata = { continue: tokenOf(NEWEST, after) };
  return error;
}
