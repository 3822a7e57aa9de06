/** The one cookie. `__Host-` and Secure also on loopback over plain HTTP, which browsers count as trustworthy. */

export const sessionCookie = "__Host-kubev";
/** Binds a sign-in at the identity provider to the browser that began it. */
export const flowCookie = "__Host-kubev-flow";

/** Values of a cookie; two with one name mean that somebody else set one, so neither counts. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  const values = header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

const attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";

export function setCookie(name: string, value: string, maxAgeSeconds?: number): string {
  return `${name}=${value}; ${attributes}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`;
}

export function clearCookie(name: string): string {
  return `${name}=; ${attributes}; Max-Age=0`;
}
