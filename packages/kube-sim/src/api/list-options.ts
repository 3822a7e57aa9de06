/**
 * The versions that a list or watch asks for, checked as the API server checks them. Source: apimachinery's
 * pkg/apis/meta/internalversion/validation and apiserver's pkg/storage/interfaces.go (ValidateListOptions).
 */
import { type Cause, forbiddenField, unsupported } from "../admission/field-causes.ts";
import { badRequest, invalidOptions, StatusError } from "../store/status-error.ts";

const MATCH = "resourceVersionMatch";

/** Undefined where none is named. Throws as upstream does on what is no number: a plain 500. */
export function readVersion(url: URL): number | undefined {
  const text = url.searchParams.get("resourceVersion") ?? "";
  if (text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    throw new StatusError(
      500,
      undefined,
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

/** A version that is yet to come; the client asks again a second later. */
export const versionTooLarge = (version: number, current: number): StatusError =>
  new StatusError(504, "Timeout", `Too large resource version: ${version}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });

export interface ListOptions {
  /** 0 has no limit. */
  limit: number;
  continueToken: string;
  /** The moment that must be shown; undefined takes the newest. */
  exactVersion: number | undefined;
  /** The version below which nothing may be shown. */
  leastVersion: number;
}

export function readListOptions(url: URL): ListOptions {
  const match = url.searchParams.get(MATCH) ?? "";
  const asked = url.searchParams.get("resourceVersion") ?? "";
  const continueToken = url.searchParams.get("continue") ?? "";
  const causes: Cause[] = [];
  if (match !== "") {
    if (asked === "")
      causes.push(forbiddenField(MATCH, `${MATCH} is forbidden unless resourceVersion is provided`));
    if (continueToken !== "")
      causes.push(forbiddenField(MATCH, `${MATCH} is forbidden when continue is provided`));
    if (match !== "Exact" && match !== "NotOlderThan")
      causes.push(unsupported(MATCH, match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && asked === "0")
      causes.push(forbiddenField(MATCH, `${MATCH} "exact" is forbidden for resourceVersion "0"`));
  }
  if (url.searchParams.has("sendInitialEvents"))
    causes.push(forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  if (causes.length > 0) throw invalidOptions("ListOptions", causes);
  const limit = readCount(url, "limit");
  const version = readVersion(url) ?? 0;
  if (continueToken !== "" && version > 0)
    throw badRequest("specifying resource version is not allowed when using continue");
  const isExact = match === "Exact" || (match === "" && limit > 0 && version > 0);
  return { limit, continueToken, exactVersion: isExact ? version : undefined, leastVersion: version };
}

/** A whole number from 0 on; 0 where none is given. */
function readCount(url: URL, name: "limit" | "timeoutSeconds"): number {
  const text = url.searchParams.get(name);
  if (text === null || text === "") return 0;
  const count = Number(text);
  if (!Number.isInteger(count)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, count);
}

export interface WatchOptions {
  bookmarks: boolean;
  initialEvents: boolean;
  /** Undefined starts with ADDED events of what there is. */
  since: number | undefined;
  /** 0 names no limit. */
  timeoutSeconds: number;
}

export function readWatchOptions(url: URL): WatchOptions {
  const query = url.searchParams;
  const flag = (name: string): boolean => ["true", "1"].includes(query.get(name) ?? "");
  const match = query.get(MATCH) ?? "";
  const causes: Cause[] = [];
  if (query.has("sendInitialEvents") && match !== "NotOlderThan")
    causes.push(forbiddenField(MATCH, `sendInitialEvents requires setting ${MATCH} to NotOlderThan`));
  if (match !== "") {
    if (!query.has("sendInitialEvents"))
      causes.push(
        forbiddenField(MATCH, `${MATCH} is forbidden for watch unless sendInitialEvents is provided`),
      );
    if (match !== "NotOlderThan") causes.push(unsupported(MATCH, match, ["NotOlderThan"]));
    if (query.has("continue"))
      causes.push(forbiddenField(MATCH, `${MATCH} is forbidden when continue is provided`));
  }
  if (causes.length > 0) throw invalidOptions("ListOptions", causes);
  const version = readVersion(url) ?? 0;
  const initialEvents = flag("sendInitialEvents");
  return {
    bookmarks: flag("allowWatchBookmarks"),
    initialEvents,
    since: initialEvents || version === 0 ? undefined : version,
    timeoutSeconds: readCount(url, "timeoutSeconds"),
  };
}
