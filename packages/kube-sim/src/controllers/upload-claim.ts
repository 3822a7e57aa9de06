/** A claim that asks by an annotation to be uploaded to, without a DataVolume: ready once it is bound, as CDI's upload controller has it. */
import { uploadStateAnnotation } from "../store/upload-marks.ts";
import { claimKind } from "./kinds.ts";
import type { TypedStore } from "./typed-store.ts";

export const uploadTargetAnnotation = "cdi.kubevirt.io/storage.upload.target";

export function announceUpload(store: TypedStore, namespace: string | undefined, name: string): void {
  const claim = store.get(claimKind, namespace, name);
  const { annotations = {}, ownerReferences = [] } = claim?.metadata ?? {};
  if (claim === undefined || annotations[uploadTargetAnnotation] === undefined) return;
  // a DataVolume's claim is its controller's
  if (claim.status?.phase !== "Bound" || ownerReferences.some(({ kind }) => kind === "DataVolume")) return;
  store.modifyObject(claimKind, claim, (current) => {
    if (current.metadata.annotations?.[uploadStateAnnotation] !== undefined) return current;
    return {
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          [uploadStateAnnotation]: "ready",
          "cdi.kubevirt.io/storage.pod.phase": "Running",
          "cdi.kubevirt.io/storage.pod.ready": "true",
        },
      },
    };
  });
}
