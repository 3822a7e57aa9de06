/** The events of objects, read as the caller. */
import type { EventRow, EventsReply } from "@kubev/api-types/events";
import type { RawMeta } from "../inventory/raw.ts";
import { beside } from "../kube/beside.ts";
import type { KubeClient, KubeRequest } from "../kube/kube-client.ts";
import { KubeError, KubeUnreachableError } from "../kube/kube-error.ts";
import { collectionPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";

interface RawEvent {
  metadata?: RawMeta;
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  eventTime?: string;
  series?: { count?: number; lastObservedTime?: string };
  source?: { component?: string };
  reportingComponent?: string;
  involvedObject?: { kind?: string; name?: string };
}

function eventRow(raw: RawEvent): EventRow {
  const lastAt =
    raw.series?.lastObservedTime ??
    raw.lastTimestamp ??
    raw.eventTime ??
    raw.metadata?.creationTimestamp ??
    "";
  return {
    uid: raw.metadata?.uid ?? "",
    type: raw.type === "Warning" ? "Warning" : "Normal",
    reason: raw.reason ?? "",
    message: raw.message ?? "",
    count: raw.series?.count ?? raw.count ?? 1,
    firstAt: raw.firstTimestamp ?? raw.eventTime ?? raw.metadata?.creationTimestamp ?? lastAt,
    lastAt,
    source: raw.source?.component ?? raw.reportingComponent ?? "",
    object: { kind: raw.involvedObject?.kind ?? "", name: raw.involvedObject?.name ?? "" },
  };
}

const maxEvents = 500;

/** Events of the things that `selectors` name (field selectors of Event), newest first, each once. */
export async function eventsOf(
  client: KubeClient,
  project: string,
  selectors: readonly string[],
  request: Pick<KubeRequest, "signal" | "timeoutMs" | "aside"> = {},
): Promise<EventsReply> {
  const lists = await Promise.all(
    selectors.map(async (fieldSelector) =>
      client.json<{ items?: RawEvent[] }>(collectionPath(types.event, project), {
        ...request,
        query: { fieldSelector, limit: 200 },
      }),
    ),
  );
  const events = new Map(
    lists.flatMap((list) => list.items ?? []).map((raw) => [raw.metadata?.uid ?? "", eventRow(raw)]),
  );
  return {
    events: [...events.values()].toSorted((a, b) => b.lastAt.localeCompare(a.lastAt)).slice(0, maxEvents),
  };
}

/** Events that only add to what is told anyway: undefined where they may not be read, or do not come soon. */
export async function eventsBeside(
  client: KubeClient,
  project: string,
  selectors: readonly string[],
  signal?: AbortSignal,
): Promise<EventRow[] | undefined> {
  try {
    const request = { signal, ...beside };
    return (await eventsOf(client, project, selectors, request)).events;
  } catch (error) {
    if (error instanceof KubeError && error.status !== 401) return undefined;
    if (error instanceof KubeUnreachableError && error.kind !== "aborted") return undefined;
    throw error;
  }
}
