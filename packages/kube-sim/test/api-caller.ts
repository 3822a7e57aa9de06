/** A small client that sends to an API server exactly what a test says. */
import { Agent, request } from "undici";

export interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into arbitrary answers
  body: any;
}

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string | string[]>;
  /** Bearer token; the cluster admin's certificate is used when neither this nor `anonymous` is given. */
  token?: string;
  anonymous?: boolean;
  /** The user whom the administrator acts as. */
  as?: string;
}

/** How an API server is reached: its CA, and the client certificate or token of its administrator. */
export interface ApiAccess {
  url: string;
  ca: string;
  cert?: string;
  key?: string;
  token?: string;
}

export interface ApiCaller {
  call: (path: string, call?: Call) => Promise<Answer>;
  close: () => Promise<void>;
}

const bytesOf = (body: unknown): string | Uint8Array =>
  typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);

export function apiCaller(access: ApiAccess): ApiCaller {
  const { url, ca, cert, key } = access;
  const admin = new Agent({ connect: { ca, cert, key }, allowH2: false });
  const plain = new Agent({ connect: { ca }, allowH2: false });
  return {
    call: async (path, call = {}) => {
      const hasBody = call.body !== undefined;
      const isAdmin = call.token === undefined && call.anonymous !== true;
      const token = isAdmin ? access.token : call.token;
      const response = await request(new URL(path, url), {
        dispatcher: isAdmin ? admin : plain,
        method: (call.method ?? (hasBody ? "POST" : "GET")) as "GET", // tests may send odd methods
        headers: {
          ...(hasBody ? { "content-type": "application/json" } : {}),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(call.as === undefined ? {} : { "impersonate-user": call.as }),
          ...call.headers,
        },
        ...(hasBody && { body: bytesOf(call.body) }),
      });
      const text = await response.body.text();
      let body: unknown;
      try {
        body = JSON.parse(text);
      } catch {
        body = undefined;
      }
      return { code: response.statusCode, headers: response.headers, text, body };
    },
    close: async () => {
      await admin.destroy();
      await plain.destroy();
    },
  };
}
