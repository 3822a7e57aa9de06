/**
 * Where an import's bytes come from: plain HTTP from this machine itself, with the headers and credentials that the DataVolume
 * names, and checked against the sum it tells. The words of refusals follow CDI's importer. Source: CDI pkg/importer of v1.66,
 * http-datasource.go, registry-datasource.go, checksum.go.
 */
import { createHash } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { secretKind } from "./kinds.ts";
import type { DataVolume } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

const silenceMs = 30_000;
const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** `expectedBytes` is null where the server does not say how long it is. */
export interface ImportSource {
  body: Readable;
  expectedBytes: number | null;
}

export async function openImportSource(
  store: TypedStore,
  dataVolume: DataVolume,
  allowed: boolean,
  signal: AbortSignal,
): Promise<ImportSource> {
  const { source } = dataVolume.spec;
  const http = source?.http;
  if (http === undefined)
    throw new Error(
      `Unable to process data: Unable to transfer source data to scratch space: Failed to read registry image: Could not create image reference for ${source?.registry?.url ?? "its source"}: network is unreachable: this embedded cluster reaches no address outside itself`,
    );
  const url = new URL(http.url);
  const near = url.protocol === "http:" && loopback.test(url.hostname);
  if (!near || !allowed)
    throw new Error(
      `Unable to connect to http data source: Get "${http.url}": dial tcp: connect: network is unreachable: this embedded cluster reaches no address outside itself`,
    );
  const answer = await ask(url, headersOf(store, dataVolume), signal);
  const declared = Number(answer.headers["content-length"] ?? Number.NaN);
  return {
    body: http.checksum ? checked(answer, http.checksum) : answer,
    expectedBytes: Number.isSafeInteger(declared) ? declared : null,
  };
}

/** Basic credentials of the secret's accessKeyId and secretKey, then headers as `name: value` texts. */
function headersOf(store: TypedStore, { spec, metadata }: DataVolume): Record<string, string> {
  const { secretRef, extraHeaders = [], secretExtraHeaders = [] } = spec.source?.http ?? {};
  const valuesOf = (name: string): Record<string, string> => {
    const secret = store.get(secretKind, metadata.namespace, name);
    if (secret === undefined) throw new Error(`MountVolume.SetUp failed: secret "${name}" not found`);
    return Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  };
  const headers: Record<string, string> = {};
  if (secretRef) {
    const { accessKeyId = "", secretKey = "" } = valuesOf(secretRef);
    headers["authorization"] = `Basic ${Buffer.from(`${accessKeyId}:${secretKey}`).toString("base64")}`;
  }
  const lines = [...extraHeaders, ...secretExtraHeaders.flatMap((name) => Object.values(valuesOf(name)))];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function ask(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const failed = (why: string) => new Error(`Unable to connect to http data source: ${why}`);
  return new Promise((resolve, reject) => {
    // redirects are not followed: they could lead elsewhere
    const asked = get(url, { signal, timeout: silenceMs, headers }, (answer) => {
      if (answer.statusCode === 200) {
        resolve(answer);
        return;
      }
      answer.resume();
      const { statusCode, statusMessage } = answer;
      reject(failed(`expected status code 200, got ${statusCode}. Status: ${statusCode} ${statusMessage}`));
    });
    asked.on("timeout", () => asked.destroy(new Error("i/o timeout")));
    asked.on("error", (error) => reject(failed(`Get "${url.href}": ${error.message}`)));
  });
}

/** The same bytes; the stream fails at its end when their sum is another one. */
function checked(body: Readable, checksum: string): Readable {
  const colon = checksum.indexOf(":");
  const algorithm = checksum.slice(0, colon).trim().toLowerCase();
  const expected = checksum
    .slice(colon + 1)
    .trim()
    .toLowerCase();
  const hash = createHash(algorithm); // one of four: admission has seen to that
  const sums = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      callback(null, chunk);
    },
    flush(callback) {
      const calculated = hash.digest("hex");
      callback(
        calculated === expected
          ? null
          : new Error(
              `Unable to process data: checksum validation failed: checksum mismatch: expected ${algorithm}:${expected}, calculated ${algorithm}:${calculated}`,
            ),
      );
    },
  });
  body.on("error", (error) => sums.destroy(error));
  return body.pipe(sums);
}
