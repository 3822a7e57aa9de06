/** The one way to the cluster: a client that carries an identity, follows no redirect and always has a deadline. */
import type { Readable } from "node:stream";
import { errors } from "undici";
import type { ActingIdentity } from "./acting-identity.ts";
import { identityHeaders } from "./acting-identity.ts";
import type { ClusterEndpoint } from "./cluster-endpoint.ts";
import { ItemSplitter } from "./item-splitter.ts";
import { KubeUnreachableError, kubeErrorFrom } from "./kube-error.ts";
import { kubePath } from "./kube-path.ts";
import type { KubePath } from "./kube-path.ts";
import type { Purpose, TlsIdentity } from "./tls-identity.ts";
import { turns } from "./turns.ts";
import { isWrite, mayBeDoneUnheard, noticeStart } from "./unknown-outcome.ts";
import { type UpgradedSocket, upgradedSocket } from "./upgraded-socket.ts";
import { type WholeAnswer, wholeAnswer } from "./whole-answer.ts";

export interface KubeRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  contentType?: string;
  /** Subresource PUTs must allow anything: virt-api answers 406 to application/json alone. */
  accept?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Of what only one part of the cluster answers: its silence within a short `timeoutMs` does not make the cluster suspect. */
  aside?: boolean;
  /** Of what changes nothing, though it POSTs. */
  asks?: boolean;
}

export interface KubeAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

const defaultTimeoutMs = 30_000;
/** How long a cluster that did not answer last time is waited for. */
const suspectTimeoutMs = 1200;
const maxErrorBytes = 256 * 1024;

const isSuccess = ({ status }: { status: number }) => status >= 200 && status < 300;

function queryString(query: KubeRequest["query"]): string {
  if (query === undefined) return "";
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer; // undici bodies yield buffers
    size += bytes.length;
    if (size > maxBytes) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unreachable(error: unknown, signal: AbortSignal | undefined, outcomeUnknown = false): unknown {
  const as = (kind: KubeUnreachableError["kind"], words: string) =>
    new KubeUnreachableError(kind, words, error, outcomeUnknown);
  if (signal?.aborted === true) return as("aborted", "The request was given up by its caller");
  if (
    (error instanceof DOMException && error.name === "TimeoutError") ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  )
    return as("timeout", "The cluster did not answer in time");
  if (error instanceof errors.UndiciError || (error instanceof Error && "code" in error))
    return as("unreachable", `The cluster cannot be reached: ${error.message}`);
  return error;
}

/** undici hears of an abort only once it has a connection; on a line that swallows everything that is after ten seconds. */
async function unlessAborted<T>(answering: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(toError(signal.reason)), {
      once: true,
      signal: done.signal,
    });
  });
  try {
    return await Promise.race([answering, aborted]);
  } catch (error) {
    answering.catch(() => {}); // it is told by the same signal and ends by itself
    throw error;
  } finally {
    done.abort(answered);
  }
}

/** Without one, each abort makes an exception with its stack. */
const answered = "answered";

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error("aborted"));

/** Of a success. @throws KubeUnreachableError where it is something else's on the way, e.g. the page of a proxy */
function parsed(text: string, request: KubeRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeUnreachableError("unreachable", "The cluster's answer is no JSON", error, isWrite(request));
  }
}

export class KubeClient {
  readonly endpoint: ClusterEndpoint;
  readonly #identity: () => ActingIdentity | Promise<ActingIdentity>;
  readonly #onUnauthorized: () => Promise<void>;

  /** `onUnauthorized` looks into a 401 before it is thrown, and may throw what it really means. */
  constructor(
    endpoint: ClusterEndpoint,
    identity: () => ActingIdentity | Promise<ActingIdentity>,
    onUnauthorized: () => Promise<void> = async () => {},
  ) {
    this.endpoint = endpoint;
    this.#identity = identity;
    this.#onUnauthorized = onUnauthorized;
  }

  /** How an exchange shows who it is: headers, and a client certificate where there is one. */
  async #connection(): Promise<{ headers: string[]; tls: TlsIdentity }> {
    const identity = await this.#identity();
    if (identity.kind === "bearer")
      return { headers: identityHeaders(identity, null), tls: this.endpoint.serverTls() };
    const service = await this.endpoint.serviceCredential();
    return { headers: identityHeaders(identity, service.authorization), tls: service.tls };
  }

  /**
   * Sends a request and hands out the body unread. The caller must consume or destroy it.
   * @throws KubeUnreachableError when no answer came; statuses of the cluster do not throw here.
   */
  async send(path: KubePath, request: KubeRequest = {}, purpose: Purpose = "request"): Promise<KubeAnswer> {
    const { options, tls, timeoutMs } = await this.#prepared(path, request, purpose);
    const { endpoint } = this;
    const deadline = purpose === "stream" ? undefined : AbortSignal.timeout(timeoutMs);
    const signals = [request.signal, deadline].filter((signal) => signal !== undefined);
    let isSent = false;
    const dispatcher = tls.agent(purpose);
    const noticing = isWrite(request) ? dispatcher.compose(noticeStart(() => (isSent = true))) : dispatcher;
    try {
      const signal = signals.length > 0 ? AbortSignal.any(signals) : undefined;
      signal?.throwIfAborted(); // before anything is begun whose own end nobody would hear
      const answering = noticing.request({ ...options, ...(signal === undefined ? {} : { signal }) });
      const answer = await (signal === undefined ? answering : unlessAborted(answering, signal));
      endpoint.isSuspect = false;
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      throw this.#silence(error, request, isSent);
    }
  }

  /** As `send`, and reads the answer. @throws KubeUnreachableError, also when the answer broke off */
  async #whole(path: KubePath, request: KubeRequest): Promise<WholeAnswer> {
    const { options, tls, timeoutMs } = await this.#prepared(path, request, "request");
    const { signal } = request;
    let isSent = false;
    let status = 0;
    try {
      signal?.throwIfAborted();
      return await wholeAnswer(tls.agent("request"), options, {
        timeoutMs,
        signal,
        maxErrorBytes,
        onStart: () => (isSent = true),
        onHead: (itsStatus) => {
          status = itsStatus;
          this.endpoint.isSuspect = false;
        },
      });
    } catch (error) {
      const outcomeUnknown = isWrite(request) && (status === 0 ? isSent : mayBeDoneUnheard(status));
      throw status === 0
        ? this.#silence(error, request, outcomeUnknown)
        : unreachable(error, signal, outcomeUnknown);
    }
  }

  async #prepared(path: KubePath, request: KubeRequest, purpose: Purpose) {
    const { endpoint } = this;
    const { headers, tls } = await this.#connection();
    headers.push("accept", request.accept ?? "application/json");
    let body: string | null = null;
    if (request.body !== undefined) {
      headers.push("content-type", request.contentType ?? "application/json");
      body = JSON.stringify(request.body);
    }
    const method = request.method ?? "GET";
    const reads = method === "GET";
    if (purpose === "request" && endpoint.isSuspect && !reads && request.asks !== true) await this.#probe();
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
    return {
      options: {
        origin: endpoint.origin,
        path: `${endpoint.basePath}${path}${queryString(request.query)}`,
        method,
        headers,
        body,
      },
      tls,
      timeoutMs: endpoint.isSuspect && reads ? Math.min(timeoutMs, suspectTimeoutMs) : timeoutMs,
    };
  }

  /** What is reported of an exchange without an answer; the cluster is suspect from then on. */
  #silence(error: unknown, request: KubeRequest, outcomeUnknown: boolean): unknown {
    const reported = unreachable(error, request.signal, outcomeUnknown);
    const silent = reported instanceof KubeUnreachableError && reported.kind !== "aborted";
    if (silent && !(request.aside === true && reported.kind === "timeout")) this.endpoint.isSuspect = true;
    return reported;
  }

  /**
   * Before something is changed on a cluster that did not answer last time: whether it answers now. Without it a change would
   * wait for its whole deadline and nobody would know whether it happened.
   * @throws KubeUnreachableError
   */
  async #probe(): Promise<void> {
    try {
      await this.#whole(kubePath("version"), { timeoutMs: suspectTimeoutMs });
    } catch (error) {
      throw new KubeUnreachableError("unreachable", "The cluster cannot be reached", error);
    }
  }

  /** @throws KubeError for every status but 2xx, redirects included. */
  async #succeed(path: KubePath, request: KubeRequest, purpose: Purpose = "request"): Promise<KubeAnswer> {
    const answer = await this.send(path, request, purpose);
    if (!isSuccess(answer))
      await this.#refused({ ...answer, text: await this.#errorText(answer, request) }, request);
    return answer;
  }

  /** As `#succeed`, and reads the answer. */
  async #read(path: KubePath, request: KubeRequest): Promise<WholeAnswer> {
    const answer = await this.#whole(path, request);
    if (!isSuccess(answer)) await this.#refused(answer, request);
    return answer;
  }

  /** @throws KubeError always */
  async #refused(
    { status, headers, text }: Pick<WholeAnswer, "status" | "headers" | "text">,
    request: KubeRequest,
  ): Promise<never> {
    const retryAfter = headers["retry-after"];
    const error = kubeErrorFrom(
      status,
      text,
      Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      isWrite(request),
    );
    if (error.status === 401) await this.#onUnauthorized();
    throw error;
  }

  async #errorText(answer: KubeAnswer, request: KubeRequest): Promise<string> {
    try {
      return await readText(answer.body, maxErrorBytes);
    } catch (error) {
      throw unreachable(error, request.signal, isWrite(request) && mayBeDoneUnheard(answer.status));
    }
  }

  /**
   * A WebSocket as its bytes, after the cluster's 101. Whoever asks reads and writes its frames. Of several protocols,
   * separated by commas, the cluster selects one.
   * @throws KubeError with the cluster's refusal, KubeUnreachableError
   */
  async upgraded(path: KubePath, query: KubeRequest["query"], protocol: string): Promise<UpgradedSocket> {
    const who = await this.#connection();
    return upgradedSocket(this.endpoint, { path: `${path}${queryString(query)}`, protocol, ...who });
  }

  /**
   * A body without an end, at its reader's pace; the signal ends it.
   * @throws KubeError, KubeUnreachableError
   */
  async reading(path: KubePath, request: KubeRequest & { signal: AbortSignal }): Promise<Readable> {
    return (await this.#succeed(path, request, "stream")).body;
  }

  /**
   * A JSON exchange. The type parameter is the caller's claim about the cluster's schema.
   * @throws KubeError, KubeUnreachableError
   */
  async json<T>(path: KubePath, request: KubeRequest = {}): Promise<T> {
    return parsed((await this.#read(path, request)).text, request) as T; // schema per caller's claim
  }

  /**
   * A list, each item read while the rest arrives, so that a long one holds nobody up. What came before a failure was told.
   * @throws KubeError, KubeUnreachableError
   */
  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's claim about the cluster's schema, as for json
  async items<T>(path: KubePath, request: KubeRequest, onItem: (item: T) => void): Promise<void> {
    const answer = await this.#succeed(path, request);
    const splitter = new ItemSplitter((json) => onItem(JSON.parse(json.toString("utf8")) as T)); // schema per caller's claim
    try {
      for await (const chunk of answer.body) {
        splitter.push(chunk as Buffer); // undici bodies yield buffers
        if (turns.over) await turns.next();
      }
    } catch (error) {
      throw unreachable(error, request.signal);
    }
    splitter.end();
  }

  /** A JSON exchange whose warning headers matter. */
  async jsonWithWarnings(
    path: KubePath,
    request: KubeRequest = {},
  ): Promise<{ value: unknown; warnings: string[] }> {
    const { headers, text } = await this.#read(path, request);
    const raw = headers["warning"];
    const lines = raw === undefined ? [] : Array.isArray(raw) ? raw : [raw];
    const warnings = lines.flatMap((line) =>
      [...line.matchAll(/299 [^ ]+ "((?:[^"\\]|\\.)*)"/g)].map((m) => (m[1] ?? "").replace(/\\(.)/g, "$1")),
    );
    return { value: parsed(text, request), warnings };
  }

  /** An exchange whose answer's body does not matter, e.g. a subresource PUT. */
  async done(path: KubePath, request: KubeRequest = {}): Promise<void> {
    const answer = await this.#succeed(path, request);
    await answer.body
      .resume()
      .toArray()
      .catch(() => []);
  }

  /** Bytes of at most `maxBytes`, e.g. a screenshot. */
  async bytes(path: KubePath, maxBytes: number, request: KubeRequest = {}): Promise<Buffer<ArrayBuffer>> {
    const answer = await this.#succeed(path, request);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      const part = chunk as Buffer; // undici bodies yield buffers
      size += part.length;
      if (size > maxBytes) {
        answer.body.destroy();
        throw new KubeUnreachableError(
          "unreachable",
          `The cluster's answer is larger than ${maxBytes} bytes`,
        );
      }
      chunks.push(part);
    }
    return Buffer.concat(chunks);
  }
}
