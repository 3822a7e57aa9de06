/** Events by both doors, and series of them. */
import { beforeAll, describe, expect, test } from "vitest";
import { newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

export function events(api: () => Target): void {
  describe("events", () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
    });
    const core = (): string => `/api/v1/namespaces/${namespace}/events`;
    const newer = (): string => `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const involved = (): object => ({ apiVersion: "v1", kind: "Pod", name: "p", namespace });
    const now = "2026-01-02T03:04:05.000000Z";

    test("of the older kind are seen as the newer", async () => {
      const body = {
        metadata: { name: "older" },
        involvedObject: involved(),
        reason: "Started",
        message: "it began",
        type: "Normal",
        source: { component: "kubelet" },
        count: 3,
        firstTimestamp: "2026-01-02T03:04:05Z",
        lastTimestamp: "2026-01-02T03:05:05Z",
      };
      const made = await api().call(core(), { body });
      expect(made.code).toBe(201);
      const seen = await api().call(`${newer()}/older`);
      expect(seen.body).toMatchObject({
        kind: "Event",
        apiVersion: "events.k8s.io/v1",
        regarding: { kind: "Pod", name: "p" },
        note: "it began",
        reason: "Started",
        deprecatedSource: { component: "kubelet" },
        deprecatedCount: 3,
        deprecatedFirstTimestamp: "2026-01-02T03:04:05Z",
      });
      expect(seen.body).not.toHaveProperty("involvedObject");
      const listed = await api().call(`${newer()}?fieldSelector=regarding.name%3Dp,reason%3DStarted`);
      expect(listed.body).toMatchObject({ kind: "EventList", apiVersion: "events.k8s.io/v1" });
      expect(listed.body.items).toHaveLength(1);
    });

    test("of the newer kind say more, and make series", async () => {
      const body = {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { name: "newer" },
        eventTime: now,
        regarding: involved(),
        reason: "Pulled",
        action: "Pulling",
        note: "it came",
        type: "Normal",
        reportingController: "conformance.example.com/test",
        reportingInstance: "test-1",
      };
      const made = await api().call(newer(), { body });
      expect(made.code).toBe(201);
      expect(made.body).toMatchObject({ note: "it came", eventTime: now });
      const series = { count: 2, lastObservedTime: now };
      const grown = await api().call(`${newer()}/newer`, {
        method: "PATCH",
        body: { series },
        headers: { "content-type": "application/merge-patch+json" },
      });
      expect(grown.body.series).toEqual(series);
      const seen = await api().call(`${core()}/newer`);
      expect(seen.body).toMatchObject({
        apiVersion: "v1",
        message: "it came",
        involvedObject: { name: "p" },
        reportingComponent: "conformance.example.com/test",
        series,
      });
    });

    test("are refused where they lack what they must have", async () => {
      const bare = await api().call(newer(), {
        body: {
          apiVersion: "events.k8s.io/v1",
          kind: "Event",
          metadata: { name: "bare" },
          regarding: involved(),
        },
      });
      expect(bare.code).toBe(422);
      expect(bare.body.message).toContain("eventTime: Required value");
      const elsewhere = await api().call(core(), {
        body: {
          metadata: { name: "elsewhere" },
          involvedObject: { kind: "Pod", name: "p", namespace: "other" },
        },
      });
      expect(elsewhere.code).toBe(422);
      expect(elsewhere.body.message).toContain("involvedObject.namespace: Invalid value");
      expect(elsewhere.body.message).toContain("does not match event.namespace");
    });
  });
}
