/**
 * CDI's controller of scheduled imports, as far as a cluster without a way out can be one: it asks the registry, gets no
 * digest and says so; what was imported before stays. Source: CDI pkg/controller/dataimportcron-controller.go.
 */
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import { dataImportCronKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

/** Starts at once; returns the way to stop. */
export function startDataImportCrons(context: ControllerContext, store: TypedStore): () => void {
  const look = (namespace: string | undefined, name: string) => {
    const cron = store.get(dataImportCronKind, namespace, name);
    if (!cron || cron.status?.lastImportedPVC !== undefined) return;
    const now = timestamp(context.clock.now());
    store.modifyObject(dataImportCronKind, cron, (current) => {
      let conditions = withCondition(
        current.status?.conditions,
        { type: "Progressing", status: "False", reason: "NoImport", message: "No current import" },
        now,
      );
      conditions = withCondition(
        conditions,
        { type: "UpToDate", status: "False", reason: "NoDigest", message: "No source digest" },
        now,
      );
      return {
        ...current,
        status: {
          ...current.status,
          conditions,
          lastExecutionTimestamp: current.status?.lastExecutionTimestamp ?? now,
        },
      };
    });
  };
  for (const { metadata } of store.list(dataImportCronKind)) look(metadata.namespace, metadata.name);
  return store.raw.onChange(({ kind, object, type }) => {
    if (kind.resource === dataImportCronKind.resource && type !== "DELETED")
      look(object.metadata.namespace, object.metadata.name);
  });
}
