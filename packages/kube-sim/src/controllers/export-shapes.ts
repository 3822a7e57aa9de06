/** The parts of KubeVirt's export objects that the controller and the door of exports read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";

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
