/** Hosts as storage drivers see them: how many volumes each may attach, and how many it has. */
import type { RawObject } from "../../inventory/raw.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { attachedAt } from "./attachment-counts.ts";

type RawCsiNode = RawObject<{
  drivers: { name?: string; nodeID?: string; topologyKeys?: string[]; allocatable?: { count?: number } }[];
}>;

export const csiNodeKind: ObjectKind<"csi-node", RawCsiNode> = {
  noun: "csi-node",
  read: ({ spec }) => ({
    state:
      (spec?.drivers ?? []).length > 0
        ? present
        : { status: "no-driver", tone: "attention", reason: reasonOf("csi-node-no-driver") },
    facts: {
      drivers: (spec?.drivers ?? []).map((driver) => ({
        name: driver.name ?? "",
        limit: driver.allocatable?.count ?? null,
        used: 0,
      })),
      attached: 0,
    },
  }),
  join: ({ name, facts }, related) => {
    const drivers = facts.drivers.map((driver) => ({
      ...driver,
      used: attachedAt(related, name, driver.name),
    }));
    return { drivers, attached: drivers.reduce((sum, driver) => sum + driver.used, 0) };
  },
  fields: {
    driver: { kind: "text", match: "contains", get: (facts) => facts.drivers.map((driver) => driver.name) },
  },
  words: (facts) => facts.drivers.map((driver) => driver.name),
  detail: ({ metadata, spec }, related) => ({
    drivers: (spec?.drivers ?? []).map((driver) => ({
      name: driver.name ?? "",
      limit: driver.allocatable?.count ?? null,
      used: attachedAt(related, metadata?.name ?? "", driver.name ?? ""),
      nodeId: driver.nodeID ?? "",
      topologyKeys: driver.topologyKeys ?? [],
    })),
  }),
};
