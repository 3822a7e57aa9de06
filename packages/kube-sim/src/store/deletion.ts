/** What a delete request makes of an object: gone at once, or marked and held. */
import type { KubeObject } from "./kube-object.ts";
import type { DeleteOptions } from "./object-store.ts";

export interface RemovalOptions extends DeleteOptions {
  resourceVersion?: string;
  dryRun?: boolean;
}

export const FOREGROUND_FINALIZER = "foregroundDeletion";
export const ORPHAN_FINALIZER = "orphan";

/** 'remove', the marked copy, or the object itself when nothing changes. */
export function deletionOf(
  object: KubeObject,
  options: RemovalOptions,
  nowMs: number,
): KubeObject | "remove" {
  const finalizers = finalizersAfter(object, options);
  const graceSeconds = object.kind === "Pod" ? (options.gracePeriodSeconds ?? 0) : 0;
  const heldByNamespace =
    object.kind === "Namespace" &&
    ((object["spec"] as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) > 0; // a Namespace's spec
  if (finalizers.length === 0 && graceSeconds === 0 && !heldByNamespace) return "remove";
  const alreadyMarked = object.metadata.deletionTimestamp !== undefined;
  const shorterGrace = graceSeconds < (object.metadata.deletionGracePeriodSeconds ?? 0);
  if (alreadyMarked && !shorterGrace && sameList(finalizers, object.metadata.finalizers ?? [])) return object;
  const { finalizers: _finalizers, ...metadata } = object.metadata;
  const keepsMark = alreadyMarked && !shorterGrace;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.generation === undefined || alreadyMarked ? {} : { generation: metadata.generation + 1 }),
      deletionTimestamp:
        keepsMark && metadata.deletionTimestamp !== undefined
          ? metadata.deletionTimestamp
          : `${new Date(nowMs + graceSeconds * 1000).toISOString().slice(0, 19)}Z`,
      deletionGracePeriodSeconds: keepsMark ? (metadata.deletionGracePeriodSeconds ?? 0) : graceSeconds,
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    ...(object.kind === "Namespace"
      ? { status: { ...(object["status"] as object | undefined), phase: "Terminating" } } // a Namespace's status
      : {}),
  };
}

function finalizersAfter(object: KubeObject, options: RemovalOptions): string[] {
  const given = object.metadata.finalizers ?? [];
  if (options.propagationPolicy === undefined) return given;
  const others = given.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  if (options.propagationPolicy === "Foreground") return [...others, FOREGROUND_FINALIZER];
  if (options.propagationPolicy === "Orphan") return [...others, ORPHAN_FINALIZER];
  return others;
}

const sameList = (a: string[], b: string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** A pod that runs on a node gets its grace period; everything else goes at once unless finalizers hold it. */
export function withGrace(object: KubeObject, options: RemovalOptions): RemovalOptions {
  if (object.kind !== "Pod") return options;
  const spec = object["spec"] as { nodeName?: string; terminationGracePeriodSeconds?: number } | undefined; // a Pod's spec
  const phase = (object["status"] as { phase?: string } | undefined)?.phase; // a Pod's status
  if (!spec?.nodeName || phase === "Succeeded" || phase === "Failed")
    return { ...options, gracePeriodSeconds: 0 };
  return {
    ...options,
    gracePeriodSeconds: options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30,
  };
}
