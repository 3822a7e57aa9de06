/** The two questions that are asked of a Prometheus, each bounded in time, points and bytes. */
import { readFileSync } from "node:fs";
import { Agent } from "undici";
import type { Dispatcher } from "undici";
import { z } from "zod";

const timeoutMs = 5000;
const maxBytes = 8 * 1024 * 1024;

const sample = z.tuple([z.number(), z.string()]);
const matrix = z.object({
  status: z.literal("success"),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(sample) })),
  }),
});
const vector = z.object({
  status: z.literal("success"),
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample })) }),
});

export class PrometheusError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PrometheusError";
  }
}

export interface PrometheusPlace {
  url: string;
  tokenFile: string;
  caPem: string;
}

export class PrometheusClient {
  readonly #place: PrometheusPlace;
  readonly #agent: Agent;

  constructor(place: PrometheusPlace) {
    this.#place = place;
    this.#agent = new Agent({
      connections: 8,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(place.caPem === "" ? {} : { connect: { ca: place.caPem } }),
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Values by epoch second of the first series; empty where there is none. @throws PrometheusError */
  async range(query: string, start: number, end: number, step: number): Promise<Map<number, number>> {
    const answer = matrix.parse(await this.#ask("query_range", { query, start, end, step }));
    return new Map(
      (answer.data.result[0]?.values ?? []).map(([time, value]) => [Math.round(time), Number(value)]),
    );
  }

  /** The newest value of each series, by one of its labels. @throws PrometheusError */
  async now(query: string, label: string): Promise<Map<string, number>> {
    const answer = vector.parse(await this.#ask("query", { query }));
    return new Map(answer.data.result.map(({ metric, value }) => [metric[label] ?? "", Number(value[1])]));
  }

  async #ask(what: "query" | "query_range", parameters: Record<string, string | number>): Promise<unknown> {
    const { url, tokenFile } = this.#place;
    const base = new URL(url);
    const form = new URLSearchParams({ timeout: `${timeoutMs / 1000}s` });
    for (const [key, value] of Object.entries(parameters)) form.set(key, String(value));
    const body = form.toString();
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/+$/, "")}/api/v1/${what}`,
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
          ...(tokenFile === "" ? {} : { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` }),
        },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw new PrometheusError(error instanceof Error ? error.message : String(error), error);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      const part = chunk as Buffer; // undici bodies yield buffers
      size += part.length;
      if (size > maxBytes) {
        answer.body.destroy();
        throw new PrometheusError(`Its answer is larger than ${maxBytes} bytes`);
      }
      chunks.push(part);
    }
    const text = Buffer.concat(chunks).toString("utf8");
    if (answer.statusCode !== 200)
      throw new PrometheusError(`HTTP ${answer.statusCode}: ${text.slice(0, 300)}`);
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new PrometheusError("Its answer is not JSON", error);
    }
  }
}
