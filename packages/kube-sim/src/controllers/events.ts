/** Writes core Events as the controllers of a real cluster do, counting repeats instead of adding rows. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Clock } from "./controller.ts";
import { eventKind } from "./kinds.ts";
import type { ObjectIndex } from "./object-index.ts";
import type { TypedStore } from "./typed-store.ts";

export class EventRecorder {
  readonly #store: TypedStore;
  readonly #clock: Clock;
  readonly #component: string;
  readonly #byObject: ObjectIndex<KubeObject>;
  /** Shared: two components may write about one object in one millisecond. */
  static #count = 0;

  /** `byObject` finds events by their involved object's uid. */
  constructor(store: TypedStore, clock: Clock, component: string, byObject: ObjectIndex<KubeObject>) {
    this.#store = store;
    this.#clock = clock;
    this.#component = component;
    this.#byObject = byObject;
  }

  record(object: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const namespace = object.metadata.namespace ?? "default";
    const now = this.#clock.now();
    const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
    const repeated = this.#byObject
      .get(object.metadata.uid)
      .find((event) => event["reason"] === reason && event["message"] === message);
    if (repeated) {
      this.#store.modifyObject(eventKind, repeated, (event) => ({
        ...event,
        count: Number(event["count"] ?? 1) + 1,
        lastTimestamp: at,
      }));
      return;
    }
    this.#store.create(eventKind, {
      metadata: {
        namespace,
        name: `${object.metadata.name}.${now.toString(16)}${(EventRecorder.#count++).toString(16).padStart(4, "0")}`,
      },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.metadata.name,
        namespace: object.metadata.namespace,
        uid: object.metadata.uid,
        resourceVersion: object.metadata.resourceVersion,
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      eventTime: null,
      source: { component: this.#component },
      reportingComponent: this.#component,
      reportingInstance: "",
    });
  }
}
