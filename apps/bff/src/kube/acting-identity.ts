/** Who a request to the cluster is made as, and the headers that say so. Built from an empty object: nothing is forwarded. */

export type ActingIdentity =
  | { kind: "service" }
  | { kind: "bearer"; token: string }
  | {
      kind: "impersonate";
      userName: string;
      groups: readonly string[];
      uid?: string | undefined;
      extra?: Readonly<Record<string, readonly string[]>> | undefined;
    };

/** Header values: printable ASCII without edges of blank, so that nothing can be smuggled. */
const safeValue = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

export class UnsafeIdentityError extends Error {
  constructor(part: string) {
    super(`The ${part} has characters that cannot be passed to the cluster`);
    this.name = "UnsafeIdentityError";
  }
}

function checked(part: string, value: string): string {
  if (!safeValue.test(value)) throw new UnsafeIdentityError(part);
  return value;
}

/**
 * Flat name, value, name, value … list as undici takes it; groups repeat their header.
 * @throws UnsafeIdentityError when a name or token could break out of its header.
 */
export function identityHeaders(identity: ActingIdentity, serviceAuthorization: string | null): string[] {
  if (identity.kind === "bearer") return ["authorization", `Bearer ${checked("token", identity.token)}`];
  const headers = serviceAuthorization === null ? [] : ["authorization", serviceAuthorization];
  if (identity.kind === "service") return headers;
  headers.push("impersonate-user", checked("user name", identity.userName));
  for (const group of identity.groups) headers.push("impersonate-group", checked("group", group));
  if (identity.uid !== undefined && identity.uid !== "")
    headers.push("impersonate-uid", checked("uid", identity.uid));
  for (const [key, values] of Object.entries(identity.extra ?? {})) {
    const name = `impersonate-extra-${encodeURIComponent(key).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;
    for (const value of values) headers.push(name.toLowerCase(), checked("extra", value));
  }
  return headers;
}
