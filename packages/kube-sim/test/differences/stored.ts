/** Objects for proofs: made once, and looked at until what is asked of them holds. */
import type { Answer } from "../api-caller.ts";
import { eventually, type TestCluster } from "../cluster.ts";

/** Any part of an object: proofs look where they know what lies. */
type Body = Answer["body"];

/** Creates an object; whoever comes second finds it there. */
export async function stored(
  cluster: TestCluster,
  path: string,
  apiVersion: string,
  kind: string,
  name: string,
  rest: object,
): Promise<void> {
  const { metadata = {}, ...parts } = rest as { metadata?: object }; // an object's own
  const body = { apiVersion, kind, metadata: { name, ...metadata }, ...parts };
  const { code, text } = await cluster.call(path, { body });
  if (code !== 201 && code !== 409) throw new Error(`${kind} ${name} was not made: ${text}`);
}

/** The object once `is` holds of it. */
export const once = (cluster: TestCluster, path: string, is: (body: Body) => boolean): Promise<Body> =>
  eventually(async () => {
    const { code, body } = await cluster.call(path);
    return code === 200 && is(body) ? body : undefined;
  });
