/** cdi-uploadproxy: takes disk images over HTTPS and streams them into the volume behind a claim. */
import {
  uploadErrorAnnotation,
  uploadProgressAnnotation,
  uploadStateAnnotation,
} from "../store/upload-marks.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { pipeline } from "node:stream/promises";
import { closeServer, listenOn } from "../listening.ts";
import { type DiskImages, ImageRefused } from "../machines/disk-images.ts";
import type { ClusterKeys } from "../pki/cluster-keys.ts";
import { boundVolume } from "../store/bound-volume.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { quantityBytes } from "./byte-quantity.ts";
import { formBoundary, formFile } from "./form-file.ts";
import type { UploadTarget, UploadTokens } from "./upload-tokens.ts";

const CLAIMS = { group: "", resource: "persistentvolumeclaims" };
const WRITER = { fieldManager: "cdi-uploadserver" };
const POD_PHASE = "cdi.kubevirt.io/storage.pod.phase";
/** How long a claim may take to become ready once the upload has been announced. */
const READY_WAIT_MS = 10_000;
const PROGRESS_EVERY_MS = 500;

const PATHS = /^\/v1(?:beta1|alpha1)\/upload(-async|-form|-form-async)?$/;

export interface UploadProxyOptions {
  keys: ClusterKeys;
  store: KubeStore;
  images: DiskImages;
  tokens: UploadTokens;
  now: () => number;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

/** A refusal in the proxy's form: a code and a line of text. */
class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class UploadProxy {
  readonly #options: UploadProxyOptions;
  readonly #server: Server;
  readonly #running = new Set<AbortController>();

  constructor(options: UploadProxyOptions) {
    this.#options = options;
    for (const { metadata } of options.store.list(CLAIMS)) {
      if (metadata.annotations?.[uploadStateAnnotation] !== "receiving" || metadata.namespace === undefined)
        continue;
      const problem = "Saving stream failed: unexpected EOF: the upload service was restarted";
      this.#annotate(
        { namespace: metadata.namespace, claim: metadata.name },
        {
          [uploadStateAnnotation]: "failed",
          [uploadErrorAnnotation]: problem,
          [uploadProgressAnnotation]: undefined,
        },
      );
    }
    this.#server = createServer(
      {
        key: options.keys.server.keyPem,
        cert: options.keys.server.certPem,
        // Uploads of large images take as long as they take.
        requestTimeout: 0,
        headersTimeout: 60_000,
      },
      (request, response) => void this.#handle(request, response),
    );
  }

  async listen(port: number, host: string): Promise<number> {
    return listenOn(this.#server, port, host);
  }

  async close(): Promise<void> {
    for (const upload of this.#running) upload.abort();
    await closeServer(this.#server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.setHeader("Access-Control-Allow-Methods", "POST, PUT, HEAD, OPTIONS");
    try {
      await this.#route(request, response);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 500;
      const text = error instanceof Error ? error.message : String(error);
      if (code === 500) this.#options.log("an upload failed", { error: text });
      if (response.headersSent || response.destroyed) return;
      // What is left of the body is not read: the connection ends after the answer.
      response.writeHead(code, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
      response.end(text);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path === "/healthz") {
      response.end("OK");
      return;
    }
    const route = PATHS.exec(path);
    if (route === null) throw new Refusal(404, "404 page not found");
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const isProbe = request.method === "HEAD";
    if (!isProbe && request.method !== "POST" && request.method !== "PUT") throw new Refusal(405, "");
    const target = await this.#authorized(request);
    const isForm = route[1]?.includes("form") === true;
    const boundary = isForm ? formBoundary(request.headers["content-type"]) : undefined;
    if (isForm && !isProbe && boundary === undefined) throw new Refusal(400, "");
    const claim = await this.#ready(target, !isProbe);
    if (isProbe) {
      response.writeHead(200).end();
      return;
    }
    await this.#receive(request, response, target, claim, {
      answersEarly: route[1]?.endsWith("-async") === true,
      boundary,
    });
  }

  async #authorized(request: IncomingMessage): Promise<UploadTarget> {
    const match = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "");
    if (match?.[1] === undefined) throw new Refusal(400, "");
    const target = await this.#options.tokens.check(match[1]);
    if (target === undefined) throw new Refusal(401, "");
    return target;
  }

  #claim(target: UploadTarget): KubeObject | undefined {
    return this.#options.store.get({ ...CLAIMS, namespace: target.namespace, name: target.claim });
  }

  /**
   * Waits for the claim to be bound and announced as ready; a failed upload may be tried again. With `reserve` the claim is marked
   * as receiving in the same step, so that of two uploads that waited together one goes on.
   */
  async #ready(target: UploadTarget, reserve: boolean): Promise<KubeObject> {
    const deadline = AbortSignal.timeout(READY_WAIT_MS);
    for (;;) {
      const claim = this.#claim(target);
      if (claim === undefined) {
        throw new Refusal(503, `rejecting Upload Request for PVC ${target.claim} that doesn't exist`);
      }
      const state = claim.metadata.annotations?.[uploadStateAnnotation];
      if (state === "done" || claim.metadata.annotations?.[POD_PHASE] === "Succeeded") {
        throw new Refusal(
          503,
          `rejecting Upload Request for PVC ${target.claim} that already finished uploading`,
        );
      }
      if (state === "receiving") {
        throw new Refusal(
          503,
          `rejecting Upload Request for PVC ${target.claim} that is receiving another upload`,
        );
      }
      if (
        (state === "ready" || state === "failed") &&
        boundVolume(this.#options.store, claim) !== undefined
      ) {
        if (reserve)
          this.#annotate(target, {
            [uploadStateAnnotation]: "receiving",
            [uploadErrorAnnotation]: undefined,
            [uploadProgressAnnotation]: "N/A",
          });
        return claim;
      }
      if (deadline.aborted) throw new Refusal(503, "timed out waiting for the condition");
      await this.#nextChange(deadline);
    }
  }

  /** Settles at the next change of any claim, or at the deadline. */
  #nextChange(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#options.store.onKindChange(CLAIMS, () => done());
      const done = (): void => {
        stop();
        deadline.removeEventListener("abort", done);
        resolve();
      };
      deadline.addEventListener("abort", done);
    });
  }

  #annotate(target: UploadTarget, annotations: Record<string, string | undefined>): void {
    const key = { ...CLAIMS, namespace: target.namespace, name: target.claim };
    this.#options.store.modify(key, WRITER, (current) => {
      const next = { ...current.metadata.annotations };
      for (const [name, value] of Object.entries(annotations)) {
        if (value === undefined) delete next[name];
        else next[name] = value;
      }
      return { ...current, metadata: { ...current.metadata, annotations: next } };
    });
  }

  async #receive(
    request: IncomingMessage,
    response: ServerResponse,
    target: UploadTarget,
    claim: KubeObject,
    { answersEarly, boundary }: { answersEarly: boolean; boundary: string | undefined },
  ): Promise<void> {
    const abort = new AbortController();
    this.#running.add(abort);
    request.once("aborted", () => abort.abort());
    const declared = Number(request.headers["content-length"]);
    // a form is longer than its file
    const expectedBytes =
      boundary === undefined && Number.isFinite(declared) && declared > 0 ? declared : undefined;
    const parsed = boundary === undefined ? undefined : formFile(boundary);
    if (parsed) pipeline(request, parsed).catch((error: Error) => parsed.destroy(error));
    if (answersEarly) {
      request.once("end", () => {
        if (!response.headersSent) response.writeHead(200).end();
      });
    }
    let reportedAtMs = 0;
    try {
      await this.#options.images.receiveUpload(
        boundVolume(this.#options.store, claim) ?? "",
        parsed ?? request,
        {
          capacityBytes: capacityOf(claim),
          ...(expectedBytes === undefined ? {} : { expectedBytes }),
          signal: abort.signal,
          onBytes: (total) => {
            const nowMs = this.#options.now();
            if (expectedBytes === undefined || nowMs - reportedAtMs < PROGRESS_EVERY_MS) return;
            reportedAtMs = nowMs;
            this.#annotate(target, {
              [uploadProgressAnnotation]: `${((100 * total) / expectedBytes).toFixed(2)}%`,
            });
          },
        },
      );
      this.#annotate(target, {
        [uploadStateAnnotation]: "done",
        [uploadProgressAnnotation]: "100.0%",
        [POD_PHASE]: "Succeeded",
      });
      this.#options.store.flush();
      if (!response.headersSent && !response.destroyed) response.writeHead(200).end();
    } catch (error) {
      const text = refusalText(error, abort.signal.aborted);
      this.#annotate(target, {
        [uploadStateAnnotation]: "failed",
        [uploadErrorAnnotation]: text,
        [uploadProgressAnnotation]: undefined,
      });
      throw new Refusal(error instanceof ImageRefused ? 400 : 500, text);
    } finally {
      this.#running.delete(abort);
    }
  }
}

function refusalText(error: unknown, wasCutOff: boolean): string {
  if (wasCutOff) return "Saving stream failed: unexpected EOF: the upload was cut off";
  const message = error instanceof Error ? error.message : String(error);
  return `Saving stream failed: ${message}`;
}

interface ClaimParts {
  spec?: { resources?: { requests?: { storage?: string } } };
  status?: { capacity?: { storage?: string } };
}

function capacityOf(claim: KubeObject): number {
  const { spec, status } = claim as ClaimParts;
  return quantityBytes(status?.capacity?.storage ?? spec?.resources?.requests?.storage ?? "0");
}
