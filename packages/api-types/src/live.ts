/**
 * The per-tab WebSocket at /api/live (subprotocol `kubev.live.v1`), JSON text frames.
 *
 * A client fetches a page over HTTP, then subscribes with the same query; the server answers with the window's first
 * state and from then on sends what changed. `seq` counts per subscription without gaps; `epoch` changes when the server
 * (or its inventory) restarted. A client that sees a gap, another epoch or `reset` asks again.
 */
import { z } from "zod";
import { apiError } from "./errors.ts";
import { listQuery, warning } from "./list-query.ts";
import { objectNouns } from "./object-catalog.ts";
import { objectNoun } from "./objects.ts";
import { resourceRef } from "./resource-ref.ts";

export const liveProtocol = "kubev.live.v1";

/** Lists that can be followed row by row. The row shapes are those of the HTTP lists of the same name. */
export const liveList = z.enum([
  "vms",
  "images",
  "disks",
  "projects",
  "hosts",
  "vpcs",
  "subnets",
  ...objectNouns,
]);
export type LiveList = z.infer<typeof liveList>;

/** Single objects and feeds that are only invalidated: the client fetches again. */
export const liveFeed = z.enum([
  "vm",
  "disk",
  "image",
  "tasks",
  "activity",
  "session",
  "capabilities",
  "networks",
  "object",
]);
export type LiveFeed = z.infer<typeof liveFeed>;

const subscriptionId = z.string().min(1).max(40);

export const liveClientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("subscribe-list"), id: subscriptionId, list: liveList, query: listQuery }),
  z.strictObject({
    type: z.literal("subscribe-feed"),
    id: subscriptionId,
    feed: liveFeed,
    project: z.string().max(63).optional(),
    name: z.string().max(253).optional(),
    /** Of the feed `object`. */
    noun: objectNoun.optional(),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), id: subscriptionId }),
  z.strictObject({ type: z.literal("ping") }),
]);
export type LiveClientMessage = z.input<typeof liveClientMessage>;

export const liveServerMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), epoch: z.string() }),
  z.object({ type: z.literal("pong") }),
  /** What changed in a list's window. `order` (uids) is present when membership or order changed. */
  z.object({
    type: z.literal("rows"),
    id: subscriptionId,
    seq: z.number().int(),
    upserts: z.array(z.unknown()),
    order: z.array(z.string()).optional(),
    /** The page that the rows are of: the last one where fewer are left than the query asked for. */
    page: z.number().int().optional(),
    total: z.number().int(),
    totalUnfiltered: z.number().int(),
    facets: z.record(z.string(), z.record(z.string(), z.number().int())).optional(),
    staleSince: z.string().nullable(),
    /** What keeps the list from being the whole truth, as in the list's own reply. */
    warnings: z.array(warning).optional(),
  }),
  /** Fetch this again. `gone` when the object no longer exists. */
  z.object({
    type: z.literal("invalidate"),
    id: subscriptionId,
    seq: z.number().int(),
    ref: resourceRef.optional(),
    gone: z.boolean(),
    /** The first message of a feed to which nothing happened lately: it is followed from now on, and what was just read still holds. */
    unchanged: z.literal(true).optional(),
  }),
  /** This subscription missed something (too slow, or the inventory was rebuilt): fetch and subscribe again. */
  z.object({ type: z.literal("reset"), id: subscriptionId }),
  z.object({ type: z.literal("refused"), id: subscriptionId, error: apiError.shape.error }),
]);
export type LiveServerMessage = z.infer<typeof liveServerMessage>;

/** The server sends arrays of messages, one frame per 100 ms at most. */
export const liveFrame = z.array(liveServerMessage);
export type LiveFrame = z.infer<typeof liveFrame>;

/** `notReading`: the tab said nothing for long, or read nothing of what was sent; it may come back. */
export const liveCloseCodes = { sessionEnded: 4401, goingAway: 1001, notReading: 4408 } as const;
