/** The marks that virt-controller leaves on what it has looked at. Source: SetLatestApiVersionAnnotation in pkg/controller. */
import type { KubeObject } from "../store/kube-object.ts";

export function withObservedVersion<Shape extends KubeObject>(object: Shape): Shape {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: {
        ...object.metadata.annotations,
        "kubevirt.io/latest-observed-api-version": "v1",
        "kubevirt.io/storage-observed-api-version": "v1",
      },
    },
  };
}
