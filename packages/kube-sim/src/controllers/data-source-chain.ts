/**
 * Which object a DataSource leads to: its own source, or that of the one DataSource of the same namespace that it may name.
 * Source: ResolveDataSourceChain in CDI's pkg/controller/common/util.go.
 */
import { dataSourceKind } from "./kinds.ts";
import type { DataSource } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

type Resolved =
  | { source: NonNullable<DataSource["spec"]["source"]>; namespace: string }
  | { reason: string; message: string };

export function resolveDataSource(store: TypedStore, dataSource: DataSource): Resolved {
  const namespace = dataSource.metadata.namespace ?? "";
  const source = dataSource.spec.source ?? {};
  const ref = source.dataSource;
  if (ref === undefined) return { source, namespace };
  if ((ref.namespace ?? namespace) !== namespace)
    return {
      reason: "CrossNamespaceReference",
      message: "DataSource cannot reference a DataSource in another namespace",
    };
  if (ref.name === dataSource.metadata.name)
    return { reason: "SelfReference", message: "DataSource cannot self-reference" };
  const named = store.get(dataSourceKind, namespace, ref.name);
  if (named === undefined)
    return { reason: "NotFound", message: `datasources.cdi.kubevirt.io "${ref.name}" not found` };
  return named.spec.source?.dataSource === undefined
    ? { source: named.spec.source ?? {}, namespace }
    : {
        reason: "MaxReferenceDepthReached",
        message: "DataSource reference chain exceeds maximum depth of 1",
      };
}

/** The claim or snapshot that a DataSource leads to, if any. */
export function dataSourceTarget(
  store: TypedStore,
  namespace: string,
  name: string,
): { kind: "claim" | "snapshot"; namespace: string; name: string } | undefined {
  const dataSource = store.get(dataSourceKind, namespace, name);
  const resolved = dataSource && resolveDataSource(store, dataSource);
  if (resolved === undefined || "reason" in resolved) return undefined;
  const { pvc, snapshot } = resolved.source;
  const named = pvc ?? snapshot;
  return (
    named && {
      kind: pvc === undefined ? "snapshot" : "claim",
      namespace: named.namespace ?? resolved.namespace,
      name: named.name,
    }
  );
}
