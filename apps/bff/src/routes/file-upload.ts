/**
 * Streams a file from the browser to CDI's upload proxy: nothing is kept, each chunk waits for the one before it to be taken.
 * What can be refused is refused before the first byte; a cut-off or refused upload leaves its reason on the DataVolume.
 */
import { Transform } from "node:stream";
import type { TransformCallback } from "node:stream";
import { imageHeadBytes, judgeImageHead } from "@kubev/api-types/image-file";
import { Agent } from "undici";
import { consoleAnnotations } from "../domain/console-labels.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { notePassing } from "../http/passing-bytes.ts";
import { headOf } from "../http/stream-head.ts";
import type { Caller } from "../identity/callers.ts";
import { uploadRight } from "../domain/upload-state.ts";
import { projectDataVolume } from "../inventory/project-storage.ts";
import type { DataVolumeRecord } from "../domain/storage-records.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { SessionCall } from "./operation.ts";

const readyWithinMs = 120_000;
const takingWithinMs = 30_000;
const pollMs = 500;
const progressEveryMs = 250;
/** A browser that sends nothing for so long keeps no image or disk from others. */
const fileHeadWithinMs = 30_000;
/** How long an early refusal keeps reading, so that the browser sees the answer instead of a reset. */
const lingerMs = 3000;

class CountingStream extends Transform {
  bytes = 0;
  readonly #onBytes: (bytes: number) => void;
  constructor(onBytes: (bytes: number) => void) {
    super();
    this.#onBytes = onBytes;
  }
  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    notePassing(chunk.length);
    this.#onBytes(this.bytes);
    done(null, chunk);
  }
}

/** To an image or a disk: both are filled by a DataVolume of their own name. */
type UploadCall = SessionCall<"uploadImage"> | SessionCall<"uploadDisk">;

async function dataVolumeOf(caller: Caller, project: string, name: string): Promise<DataVolumeRecord> {
  return projectDataVolume(await caller.client.json(objectPath(types.dataVolume, name, project)));
}

/** Who may only look at it must not hold it either: the cluster is asked for the token long after others are kept out. */
async function requireUploadRight({ rights }: Caller, project: string): Promise<void> {
  if (await rights.can(uploadRight, project)) return;
  const { verb, resource } = uploadRight;
  throw new ApiProblem("forbidden", { reason: reasonOf("no-permission", { verb, resource, project }) });
}

/** What can be known before a byte moves. */
function checkBefore(services: Services, call: UploadCall, dataVolume: DataVolumeRecord): number {
  const length = Number(call.headers["content-length"] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length <= 0)
    throw new ApiProblem("bad-request", { reason: reasonOf("upload-length-missing") });
  const limitBytes = services.config.maxUploadBytes;
  if (length > limitBytes)
    throw new ApiProblem("too-large", { reason: reasonOf("upload-too-large", { limitBytes }) });
  if (dataVolume.source !== "upload" || dataVolume.phase === "Succeeded")
    throw new ApiProblem("conflict", { reason: reasonOf("image-already-filled") });
  if (dataVolume.requestBytes > 0 && length > dataVolume.requestBytes)
    throw new ApiProblem("too-large", {
      reason: reasonOf("image-larger-than-disk", { fileBytes: length, diskBytes: dataVolume.requestBytes }),
    });
  return length;
}

/**
 * CDI takes any bytes for a raw disk, and calls the image ready.
 * @throws ApiProblem for what shows no disk image and was not asked to be taken as it is, and for what does not come
 */
async function checkHead({ clock }: Services, call: UploadCall, length: number): Promise<void> {
  const { caller, params, stream } = call;
  const late = new AbortController();
  const came = new AbortController();
  void clock.sleep(fileHeadWithinMs, came.signal).then(() => late.abort());
  const head = await headOf(stream, Math.min(length, imageHeadBytes), late.signal);
  came.abort();
  if (head === null || head.length === 0) {
    // too late, or broken off
    const received = stream.readableLength;
    await note(caller, params.project, params.name, `${received}/${length}`);
    throw new ApiProblem("upload-incomplete", {
      reason: reasonOf("image-upload-cut", { received, expected: length }),
    });
  }
  const { kind, insteadOfImage } = judgeImageHead(head, length);
  if (kind !== "unknown") return;
  const looks = insteadOfImage ?? "";
  await note(caller, params.project, params.name, `unlike:${looks}`);
  throw new ApiProblem("image-refused", { reason: reasonOf("image-file-unlike", { looks }) });
}

async function waitReady(services: Services, call: UploadCall, first: DataVolumeRecord): Promise<void> {
  const { project, name } = call.params;
  const deadlineMs = services.clock.monotonicMs() + readyWithinMs;
  let dataVolume = first;
  while (dataVolume.phase !== "UploadReady") {
    if (dataVolume.phase === "Failed" || services.clock.monotonicMs() > deadlineMs || call.signal.aborted)
      throw new ApiProblem("upstream-unavailable", {
        reason: reasonOf("image-upload-not-ready", undefined, dataVolume.running?.message),
      });
    await services.clock.sleep(pollMs, call.signal);
    dataVolume = await dataVolumeOf(call.caller, project, name);
  }
}

async function uploadToken(caller: Caller, project: string, claim: string): Promise<string> {
  const answer = await caller.client.json<{ status?: { token?: string } }>(
    collectionPath(types.uploadTokenRequest, project),
    {
      method: "POST",
      asks: true,
      body: {
        apiVersion: "upload.cdi.kubevirt.io/v1beta1",
        kind: "UploadTokenRequest",
        metadata: { name: claim, namespace: project },
        spec: { pvcName: claim },
      },
    },
  );
  const token = answer.status?.token ?? "";
  if (token === "") throw new ApiProblem("upstream-error", { reason: reasonOf("image-upload-not-ready") });
  return token;
}

function refusalOf(status: number, text: string): ApiProblem {
  const words = text.trim().slice(0, 2000);
  const upstream = { status, message: words };
  if (status === 409)
    return new ApiProblem("conflict", {
      reason: reasonOf("image-already-filled", undefined, words),
      upstream,
    });
  if (status === 503)
    return new ApiProblem("upstream-unavailable", {
      reason: reasonOf("image-upload-not-ready", undefined, words),
      upstream,
    });
  if (status === 401 || status === 403)
    return new ApiProblem("upstream-error", {
      reason: reasonOf("image-upload-not-ready", undefined, words),
      upstream,
    });
  return new ApiProblem("image-refused", {
    reason: reasonOf("image-upload-refused", undefined, words),
    upstream,
  });
}

/** Says on the DataVolume how the last try ended, so that every browser and every replica knows. */
async function note(caller: Caller, project: string, name: string, text: string | null): Promise<void> {
  await caller.client
    .json(objectPath(types.dataVolume, name, project), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { metadata: { annotations: { [consoleAnnotations.uploadCut]: text } } },
    })
    .catch(() => {}); // only a note: the DataVolume may be gone, or not be the caller's to change
}

export async function uploadFile(services: Services, call: UploadCall) {
  const { caller, stream } = call;
  const { project, name } = call.params;
  const { uploads } = services.nouns;
  let started = false;
  try {
    const dataVolume = await dataVolumeOf(caller, project, name);
    await requireUploadRight(caller, project);
    const totalBytes = checkBefore(services, call, dataVolume);
    if (uploads.has(project, name)) throw new ApiProblem("conflict", { reason: reasonOf("image-uploading") });
    uploads.set(project, name, { receivedBytes: 0, totalBytes });
    try {
      if (call.query.asRaw !== "true") await checkHead(services, call, totalBytes);
      await waitReady(services, call, dataVolume);
      if (dataVolume.uploadCut !== "") await note(caller, project, name, null);
      const proxy = await services.capabilities.uploadProxy();
      if (proxy.url === "")
        throw new ApiProblem("capability-missing", { reason: reasonOf("upload-service-unknown") });
      const token = await uploadToken(caller, project, name);
      started = true;
      return await send(services, call, { ...proxy, token }, totalBytes);
    } finally {
      uploads.set(project, name, null);
    }
  } catch (error) {
    if (!started) {
      stream.resume();
      setTimeout(() => stream.destroy(), lingerMs).unref();
    }
    throw error;
  }
}

/** A proxy that says nothing to this is not there, however long its uploads may take. */
const headWithinMs = 15_000;

/** Asks the proxy whether it would take the file now: an upload that just broke off may still be ending there. */
async function waitTaking(
  services: Services,
  call: UploadCall,
  agent: Agent,
  origin: string,
  token: string,
): Promise<void> {
  const deadlineMs = services.clock.monotonicMs() + takingWithinMs;
  for (;;) {
    const answer = await agent.request({
      origin,
      path: "/v1beta1/upload-async",
      method: "HEAD",
      headers: ["authorization", `Bearer ${token}`],
      headersTimeout: headWithinMs,
      signal: call.signal,
    });
    await answer.body.dump();
    if (answer.statusCode !== 503 || services.clock.monotonicMs() > deadlineMs) return; // the upload itself gets the words
    await services.clock.sleep(pollMs, call.signal);
  }
}

interface Receiver {
  url: string;
  caPem: string;
  token: string;
}

async function send(services: Services, call: UploadCall, proxy: Receiver, totalBytes: number) {
  const { caller, stream } = call;
  const { project, name } = call.params;
  const { uploads } = services.nouns;
  let shownMs = 0;
  const counting = new CountingStream((receivedBytes) => {
    const nowMs = services.clock.monotonicMs();
    if (nowMs - shownMs < progressEveryMs) return;
    shownMs = nowMs;
    uploads.set(project, name, { receivedBytes, totalBytes });
  });
  const cut = new AbortController();
  let complete = false;
  const onGone = () => {
    if (!complete) cut.abort();
  };
  stream.once("end", () => {
    complete = true;
  });
  stream.once("close", onGone);
  stream.once("error", onGone);
  call.signal.addEventListener("abort", onGone, { once: true });
  if (stream.destroyed || call.signal.aborted) onGone(); // whoever left before tells nobody again
  const agent = new Agent({
    connect: proxy.caPem === "" ? {} : { ca: proxy.caPem },
    allowH2: false,
    // conversion of a large image may take hours; the browser's own disconnect ends it earlier
    headersTimeout: 24 * 3_600_000,
    bodyTimeout: 0,
  });
  try {
    const url = new URL("/v1beta1/upload", proxy.url);
    await waitTaking(services, call, agent, url.origin, proxy.token);
    stream.pipe(counting);
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname,
      method: "POST",
      headers: [
        "authorization",
        `Bearer ${proxy.token}`,
        "content-type",
        "application/octet-stream",
        "content-length",
        String(totalBytes),
      ],
      body: counting,
      signal: cut.signal,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { project, name, bytes: counting.bytes };
    const problem = refusalOf(answer.statusCode, text);
    if (problem.code === "image-refused")
      await note(caller, project, name, text.trim().slice(0, 500) || "refused");
    throw problem;
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    await note(caller, project, name, `${counting.bytes}/${totalBytes}`);
    if (error instanceof KubeError) throw error;
    throw new ApiProblem(
      "upload-incomplete",
      {
        reason: reasonOf("image-upload-cut", { received: counting.bytes, expected: totalBytes }),
        outcomeUnknown: counting.bytes === totalBytes,
      },
      error,
    );
  } finally {
    stream.off("close", onGone);
    stream.unpipe(counting);
    stream.resume();
    if (!complete) setTimeout(() => stream.destroy(), lingerMs).unref(); // what nobody wants is not read to its end
    await agent.destroy();
  }
}
