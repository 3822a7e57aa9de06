/** CDI's DataSource controller: says whether what a DataSource names can be cloned. */
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import { claimKind, dataSourceKind, dataVolumeKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

/** A DataSource is ready when the claim it names is filled. */
export function reconcileDataSource(
  context: ControllerContext,
  store: TypedStore,
  namespace: string | undefined,
  name: string,
): void {
  const dataSource = store.get(dataSourceKind, namespace, name);
  const pvc = dataSource?.spec.source?.pvc;
  if (!dataSource || !pvc) return;
  const claimNamespace = pvc.namespace ?? namespace;
  const claim = store.get(claimKind, claimNamespace, pvc.name);
  const dataVolume = store.get(dataVolumeKind, claimNamespace, pvc.name);
  const ready = claim !== undefined && (dataVolume === undefined || dataVolume.status?.phase === "Succeeded");
  store.modifyObject(dataSourceKind, dataSource, (current) => ({
    ...current,
    status: {
      ...current.status,
      source: current.spec.source,
      conditions: withCondition(
        current.status?.conditions,
        ready
          ? { type: "Ready", status: "True", reason: "Ready", message: "DataSource is ready to be consumed" }
          : {
              type: "Ready",
              status: "False",
              reason: claim ? (dataVolume?.status?.phase ?? "Pending") : "NotFound",
              message: claim ? "Import DataVolume in progress" : "PVC not found",
            },
        timestamp(context.clock.now()),
      ),
    },
  }));
}
