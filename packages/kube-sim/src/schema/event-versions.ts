/**
 * Events have two doors: core/v1 and events.k8s.io/v1, which calls most fields otherwise. They are stored as the first.
 * Source: pkg/apis/events/v1 conversion.
 */
import type { KubeObject } from "../store/kube-object.ts";

export const EVENTS_GROUP = "events.k8s.io";
export const NEW_EVENTS = `${EVENTS_GROUP}/v1`;

/** By their names in core/v1. */
const NEW_NAMES: Readonly<Record<string, string>> = {
  message: "note",
  involvedObject: "regarding",
  reportingComponent: "reportingController",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
};
const CORE_NAMES = Object.fromEntries(Object.entries(NEW_NAMES).map(([core, name]) => [name, core]));

function renamed(object: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value]));
}

/** A stored event as events.k8s.io/v1 shows it. */
export function asNewEvent(event: KubeObject): KubeObject {
  const { apiVersion: _apiVersion, kind, metadata, ...content } = event;
  return { apiVersion: NEW_EVENTS, kind, metadata, ...renamed(content, NEW_NAMES) };
}

/** An event as it is stored, from one of events.k8s.io/v1. */
export function asCoreEvent<Shape extends object>(event: Shape): Shape {
  return { ...renamed(event, CORE_NAMES), apiVersion: "v1" } as Shape; // the same event by its other names
}

/** `regarding.name` chooses by what is stored as `involvedObject.name`. */
export function coreFieldOf(path: string): string {
  const [first = "", ...rest] = path.split(".");
  return [CORE_NAMES[first] ?? first, ...rest].join(".");
}
