/** The parts of KubeVirt's export objects that the controller and the door of exports read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition, Container, Pod } from "./core-shapes.ts";

export interface ExportFormat {
  format: "raw" | "gzip" | "dir" | "tar.gz";
  url: string;
}

export interface ExportLink {
  cert: string;
  volumes?: { name: string; formats: ExportFormat[] }[];
  manifests?: { type: "all" | "auth-header-secret"; url: string }[];
}

export interface ExportStatus {
  phase?: "Pending" | "Ready" | "Terminated" | "Skipped";
  links?: { internal?: ExportLink; external?: ExportLink };
  tokenSecretRef?: string;
  ttlExpirationTime?: string;
  serviceName?: string;
  virtualMachineName?: string;
  conditions?: Condition[];
}

export interface VmExport extends KubeObject {
  spec: {
    source: { apiGroup?: string; kind: string; name: string };
    tokenSecretRef?: string;
    /** As Go writes durations: `1h30m`. */
    ttlDuration?: string;
  };
  status?: ExportStatus;
}

export interface ExporterVolume {
  name: string;
  persistentVolumeClaim?: { claimName: string };
  secret?: { secretName: string };
  configMap?: { name: string };
}

/** The pod from whose environment links are made, and which says what may be fetched. */
export interface ExporterPod extends Pod {
  spec: Omit<Pod["spec"], "containers" | "volumes"> & {
    containers: (Container & { env?: { name: string; value?: string }[] })[];
    volumes?: ExporterVolume[];
  };
}
