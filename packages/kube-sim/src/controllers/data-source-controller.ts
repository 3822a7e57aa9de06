/** CDI's DataSource controller: says whether what a DataSource names can be cloned. Source: CDI pkg/controller/datasource-controller.go. */
import { withCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import { resolveDataSource } from "./data-source-chain.ts";
import { claimKind, dataSourceKind, dataVolumeKind, volumeSnapshotKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

interface Found {
  ready: boolean;
  reason: string;
  message: string;
}

const isReady: Found = { ready: true, reason: "Ready", message: "DataSource is ready to be consumed" };

export function reconcileDataSource(
  context: ControllerContext,
  store: TypedStore,
  namespace: string | undefined,
  name: string,
): void {
  const dataSource = store.get(dataSourceKind, namespace, name);
  if (dataSource === undefined) return;
  const resolved = resolveDataSource(store, dataSource);
  const { ready, reason, message } =
    "reason" in resolved
      ? { ready: false, ...resolved }
      : stateOf(store, resolved.source, resolved.namespace);
  store.modifyObject(dataSourceKind, dataSource, (current) => {
    const status = {
      ...current.status,
      source: ready && "source" in resolved ? resolved.source : {},
      conditions: withCondition(
        current.status?.conditions,
        { type: "Ready", status: ready ? "True" : "False", reason, message },
        timestamp(context.clock.now()),
      ),
    };
    return JSON.stringify(status) === JSON.stringify(current.status) ? current : { ...current, status };
  });
}

/** A claim can be cloned once it is filled, a snapshot once it is ready. */
function stateOf(
  store: TypedStore,
  source: { pvc?: { namespace?: string; name: string }; snapshot?: { namespace?: string; name: string } },
  own: string,
): Found {
  const { pvc, snapshot } = source;
  if (pvc !== undefined) {
    const namespace = pvc.namespace ?? own;
    const dataVolume = store.get(dataVolumeKind, namespace, pvc.name);
    if (dataVolume === undefined)
      return store.get(claimKind, namespace, pvc.name)
        ? isReady
        : { ready: false, reason: "NotFound", message: "PVC not found" };
    const phase = dataVolume.status?.phase ?? "";
    return phase === "Succeeded"
      ? isReady
      : { ready: false, reason: phase || "Pending", message: `Import DataVolume phase ${phase}` };
  }
  if (snapshot === undefined) return { ready: false, reason: "NoSource", message: "No source PVC set" };
  const found = store.get(volumeSnapshotKind, snapshot.namespace ?? own, snapshot.name);
  if (found === undefined) return { ready: false, reason: "NotFound", message: "Snapshot not found" };
  return found.status?.readyToUse === true
    ? isReady
    : { ready: false, reason: "SnapshotNotReady", message: "Snapshot phase is not ready" };
}
