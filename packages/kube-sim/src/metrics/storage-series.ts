/** What CDI tells of its imports, clones, profiles and crons. */
import { defaultClassAnnotation } from "../store/default-class.ts";
import {
  dataImportCronKind,
  dataVolumeKind,
  storageClassKind,
  storageProfileKind,
} from "../controllers/kinds.ts";
import type { TypedStore } from "../controllers/typed-store.ts";
import type { MetricPage } from "./metric-page.ts";

const DEFAULT_VIRT_CLASS = "storageclass.kubevirt.io/is-default-virt-class";

export function addStorage(page: MetricPage, store: TypedStore): void {
  for (const { metadata, spec, status } of store.list(dataVolumeKind)) {
    const percent = Number.parseFloat(status?.progress ?? "");
    if (Number.isNaN(percent)) continue;
    const clones =
      spec.source?.pvc !== undefined || spec.source?.snapshot !== undefined || spec.sourceRef !== undefined;
    const what = clones ? "clone" : "import";
    if (!clones && spec.source?.http === undefined && spec.source?.registry === undefined) continue;
    page.counter(`kubevirt_cdi_${what}_progress_total`, `How far a ${what} is, in percent.`)(
      { ownerUID: metadata.uid },
      percent,
    );
  }
  const profiles = page.gauge("kubevirt_cdi_storageprofile_info", "What CDI knows of a storage class.");
  for (const { metadata, status } of store.list(storageProfileKind)) {
    const sets = status?.claimPropertySets ?? [];
    const storageClass = store.get(storageClassKind, undefined, metadata.name);
    const marked = (annotation: string) =>
      String(storageClass?.metadata.annotations?.[annotation] === "true");
    const rwx = sets.some(({ accessModes }) => accessModes?.includes("ReadWriteMany") === true);
    const smart = status?.cloneStrategy === "snapshot" || status?.cloneStrategy === "csi-clone";
    profiles(
      {
        storageclass: metadata.name,
        provisioner: status?.provisioner,
        complete: String(sets.length > 0),
        default: marked(defaultClassAnnotation),
        virtdefault: marked(DEFAULT_VIRT_CLASS),
        rwx: String(rwx),
        smartclone: String(smart),
        degraded: String(!rwx || !smart),
      },
      1,
    );
  }
  const outdated = page.gauge(
    "kubevirt_cdi_dataimportcron_outdated",
    "1 for a cron whose last import is not the newest.",
  );
  for (const { metadata, status } of store.list(dataImportCronKind)) {
    const current = status?.conditions?.find(({ type }) => type === "UpToDate")?.status;
    outdated(
      { ns: metadata.namespace, cron_name: metadata.name, pending: "false" },
      current === "False" ? 1 : 0,
    );
  }
}
