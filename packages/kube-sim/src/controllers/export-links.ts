/** Where an export's parts are fetched: inside by its service, outside by the door of exports. Source: links.go, populateLink. */
import type { Pod } from "./core-shapes.ts";
import { externalPath } from "./export-names.ts";
import type { ExportFormat, ExportLink, VmExport } from "./export-shapes.ts";
import { exportPaths } from "./exporter-pod.ts";

export interface ExportDoor {
  /** `HOST:PORT`; empty where nothing leads to it from outside. */
  host: string;
  caPem: string;
}

export function exportLinks(
  vmExport: VmExport,
  pod: Pod,
  serviceName: string,
  door: ExportDoor,
): { internal: ExportLink; external?: ExportLink } {
  const { namespace = "", name } = vmExport.metadata;
  const link = (hostAndBase: string, side: "internal" | "external"): ExportLink => {
    const { manifest, secret, volumes } = exportPaths(pod);
    const url = (path: string) => `https://${hostAndBase}${path}`;
    const manifests: ExportLink["manifests"] = [];
    if (manifest !== undefined) manifests.push({ type: "all", url: url(`/${side}${manifest}`) });
    if (secret !== undefined) manifests.push({ type: "auth-header-secret", url: url(`/${side}${secret}`) });
    const shown = volumes.flatMap(({ claimName, raw, gzip, dir, archive }) => {
      const formats: ExportFormat[] = [];
      if (raw !== undefined) formats.push({ format: "raw", url: url(raw) });
      if (gzip !== undefined) formats.push({ format: "gzip", url: url(gzip) });
      // Go's path.Join takes the last slash away
      if (dir !== undefined) formats.push({ format: "dir", url: url(dir.replace(/\/$/, "")) });
      if (archive !== undefined) formats.push({ format: "tar.gz", url: url(archive) });
      return formats.length === 0 ? [] : [{ name: shownName(vmExport, claimName), formats }];
    });
    return {
      cert: door.caPem.trim(),
      ...(shown.length > 0 && { volumes: shown }),
      ...(manifests.length > 0 && { manifests }),
    };
  };
  return {
    internal: link(`${serviceName}.${namespace}.svc`, "internal"),
    ...(door.host !== "" && {
      external: link(`${door.host}${externalPath(namespace, name)}`, "external"),
    }),
  };
}

/** A restored claim is called as the one that the snapshot was taken of. */
function shownName({ metadata, spec }: VmExport, claimName: string): string {
  const prefix = `${metadata.name}-`;
  return spec.source.kind === "VirtualMachineSnapshot" && claimName.startsWith(prefix)
    ? claimName.slice(prefix.length)
    : claimName;
}
