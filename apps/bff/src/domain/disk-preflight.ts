/** What is looked at before a disk is made, beyond the cluster's dry run. Pure: facts in, checks out. */
import type { DiskCreate } from "@kubev/api-types/disk-create";
import type { QuotaLine } from "@kubev/api-types/quota-line";
import type { Reason } from "@kubev/api-types/reason";
import type { PreflightCheck } from "@kubev/api-types/vm-create";
import { quotaProblem, storageNeeds } from "./quota-needs.ts";
import { reasonOf } from "./reasons.ts";
import type { StorageFacts } from "./storage-checks.ts";
import { classNameOf, usableClass } from "./storage-checks.ts";

/** What the source is, where it lies in the cluster and the caller may see it. */
export interface SourceFacts {
  ready: boolean;
  sizeBytes: number | null;
  /** Whether the caller holds CDI's right to copy out of its project. */
  mayClone: boolean;
  /** Running machines that hold it, which CDI waits for; names only where the caller may know them. */
  inUse: boolean;
  usedBy: readonly string[];
}

export interface DiskFacts extends StorageFacts {
  nameTaken: boolean;
  /** Undefined for sources outside the cluster, and for those that are not there for the caller. */
  source: SourceFacts | undefined;
  /** What this console takes at most. */
  maxUploadBytes: number;
  snapshotsServed: boolean;
  quota: readonly QuotaLine[] | null;
}

type Name = PreflightCheck["name"];
const ok = (name: Name, reason?: Reason): PreflightCheck => ({
  name,
  result: "ok",
  ...(reason === undefined ? {} : { reason }),
});
const blocked = (name: Name, reason: Reason, path: string): PreflightCheck => ({
  name,
  result: "blocking",
  reason,
  fields: [{ path, reason }],
});
const unknown = (name: Name, reason: Reason): PreflightCheck => ({ name, result: "unknown", reason });
const warned = (name: Name, reason: Reason): PreflightCheck => ({ name, result: "warning", reason });

function checkStorage(disk: DiskCreate, facts: DiskFacts): PreflightCheck {
  const found = usableClass(disk.storageClass, facts);
  if ("refusal" in found) return blocked("storage", found.refusal, "storageClass");
  if ("unread" in found) return unknown("storage", found.unread);
  const { storageClass, profile } = found;
  const access = disk.accessMode || profile.accessModes[0] || "";
  const mode = `${access} ${disk.volumeMode || profile.volumeMode || "Filesystem"}`;
  if (profile.modes.length > 0 && !profile.modes.includes(mode))
    return warned("storage", reasonOf("storage-mode-unlisted", { storageClass: storageClass.name, mode }));
  return storageClass.bindingMode === "WaitForFirstConsumer" && !disk.bindNow && disk.source.kind !== "upload"
    ? ok("storage", reasonOf("storage-waits-for-consumer", { storageClass: storageClass.name }))
    : ok("storage");
}

function checkFile(fileBytes: number, diskBytes: number, limitBytes: number): PreflightCheck {
  if (fileBytes > limitBytes)
    return blocked("image", reasonOf("upload-too-large", { limitBytes }), "source.fileSizeBytes");
  return fileBytes > diskBytes
    ? blocked("image", reasonOf("image-larger-than-disk", { fileBytes, diskBytes }), "sizeBytes")
    : ok("image");
}

/** The rule of CDI's webhook and importer on addresses; credentials are ours to refuse. Null when there is nothing to say. */
export function sourceAddressProblem(source: DiskCreate["source"]): { path: string; reason: Reason } | null {
  if (source.kind === "registry")
    return /^docker:\/\/[^\s/@]+\/[^\s@]+(@sha256:[0-9a-f]{64})?$/.test(source.url)
      ? null
      : { path: "source.url", reason: reasonOf("source-registry-wrong") };
  if (source.kind !== "url") return null;
  const url = URL.parse(source.url);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "")
    return { path: "source.url", reason: reasonOf("source-url-wrong") };
  if (url.username !== "" || url.password !== "")
    return { path: "source.url", reason: reasonOf("source-url-credentials") };
  return source.checksum === "" || /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/i.test(source.checksum)
    ? null
    : { path: "source.checksum", reason: reasonOf("source-checksum-wrong") };
}

function checkSource({ source, sizeBytes }: DiskCreate, facts: DiskFacts): PreflightCheck {
  if (source.kind === "blank") return ok("image");
  if (source.kind === "upload") return checkFile(source.fileSizeBytes, sizeBytes, facts.maxUploadBytes);
  if (source.kind === "url" || source.kind === "registry") {
    const problem = sourceAddressProblem(source);
    return problem === null ? ok("image") : blocked("image", problem.reason, problem.path);
  }
  const { name } = source;
  const at = "source.name";
  if (source.kind === "snapshot" && !facts.snapshotsServed)
    return blocked("image", reasonOf("snapshots-absent"), at);
  const found = facts.source;
  if (found === undefined) {
    const code = ({ image: "image-missing", disk: "disk-missing", snapshot: "snapshot-missing" } as const)[
      source.kind
    ];
    return blocked("image", reasonOf(code, { name }), at);
  }
  if (!found.mayClone && source.kind !== "snapshot")
    return blocked("image", reasonOf("clone-right-missing", { project: source.project }), at);
  if (!found.ready) {
    const code = (
      { image: "image-not-ready", disk: "disk-not-ready", snapshot: "snapshot-not-ready" } as const
    )[source.kind];
    return blocked("image", reasonOf(code, { name }), at);
  }
  if (found.sizeBytes !== null && sizeBytes < found.sizeBytes)
    return blocked(
      "image",
      reasonOf("disk-smaller-than-source", { diskBytes: sizeBytes, sourceBytes: found.sizeBytes }),
      "sizeBytes",
    );
  if (found.inUse)
    return warned(
      "image",
      reasonOf("clone-source-in-use", found.usedBy.length === 0 ? {} : { by: found.usedBy.join(", ") }),
    );
  return ok("image");
}

export function diskPreflight(disk: DiskCreate, facts: DiskFacts): PreflightCheck[] {
  const storageClass = classNameOf(disk.storageClass, facts);
  const over =
    facts.quota === null ? null : quotaProblem(facts.quota, storageNeeds(disk.sizeBytes, storageClass, 1));
  return [
    facts.nameTaken ? blocked("name", reasonOf("name-taken"), "name") : ok("name"),
    checkSource(disk, facts),
    checkStorage(disk, facts),
    facts.quota === null
      ? unknown("quota", reasonOf("quota-unknown"))
      : over === null
        ? ok("quota")
        : blocked("quota", over, "sizeBytes"),
  ];
}
