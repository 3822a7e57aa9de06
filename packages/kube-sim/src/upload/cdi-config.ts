/** Tells clients where the upload proxy is: CDIConfig `config`, as CDI's own controller does. */
import type { KubeStore } from "../store/kube-store.ts";

const CONFIGS = { group: "cdi.kubevirt.io", resource: "cdiconfigs" };
const WRITER = { fieldManager: "cdi-controller" };

export function publishUploadProxy(store: KubeStore, url: string, caPem: string): void {
  if (store.get({ ...CONFIGS, name: "config" }) === undefined) {
    store.create(
      {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "CDIConfig",
        metadata: { name: "config" },
        spec: { featureGates: ["HonorWaitForFirstConsumer"] },
      },
      WRITER,
    );
  }
  store.modify({ ...CONFIGS, name: "config" }, WRITER, (current) => ({
    ...current,
    status: {
      filesystemOverhead: { global: "0.06" },
      ...(current["status"] as object | undefined), // a CDIConfig's status
      uploadProxyURL: url,
      uploadProxyCA: caPem,
    },
  }));
}
