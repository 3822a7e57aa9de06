/** Volumes at hosts, and what went wrong when they were attached or detached. */
import type { RawObject } from "../../inventory/raw.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { NeededRight } from "../../domain/vm-actions.ts";
import type { ObjectKind } from "../object-kind.ts";

interface RawError {
  message?: string;
  time?: string;
}
type RawVolumeAttachment = RawObject<
  { attacher: string; nodeName: string; source: { persistentVolumeName?: string } },
  { attached: boolean; attachError: RawError; detachError: RawError }
>;

const listDisks: NeededRight = {
  verb: "list",
  group: "",
  resource: "persistentvolumeclaims",
  subresource: "",
};

export const volumeAttachmentKind: ObjectKind<"volume-attachment", RawVolumeAttachment> = {
  noun: "volume-attachment",
  read: ({ spec, status }) => {
    const error = status?.attachError?.message ?? status?.detachError?.message ?? "";
    const attached = status?.attached === true;
    return {
      state:
        error !== ""
          ? { status: "failed", tone: "error", reason: reasonOf("volume-attach-failed", undefined, error) }
          : attached
            ? { status: "attached", tone: "ok" }
            : { status: "attaching", tone: "working" },
      facts: {
        volume: spec?.source?.persistentVolumeName ?? "",
        host: spec?.nodeName ?? "",
        driver: spec?.attacher ?? "",
        attached,
        error,
      },
    };
  },
  sort: {
    volume: (facts) => facts.volume,
    host: (facts) => facts.host,
    driver: (facts) => facts.driver,
  },
  fields: {
    host: { kind: "text", match: "equals", get: (facts) => facts.host },
    driver: { kind: "text", match: "contains", get: (facts) => facts.driver },
    volume: { kind: "text", match: "contains", get: (facts) => facts.volume },
  },
  words: (facts) => [facts.volume, facts.host],
  detail: async ({ spec, status }, { feeds }, rights) => {
    const volume = spec?.source?.persistentVolumeName ?? "";
    const claim = [...feeds.claims.table.values()].find((one) => volume !== "" && one.volumeName === volume);
    const maySee = claim !== undefined && (await rights.can(listDisks, claim.namespace));
    return {
      disk: maySee ? { project: claim.namespace, name: claim.name } : null,
      attachError: status?.attachError?.message ?? "",
      attachErrorAt: status?.attachError?.time ?? "",
      detachError: status?.detachError?.message ?? "",
      detachErrorAt: status?.detachError?.time ?? "",
    };
  },
  // taking one away cuts a running machine off its disk, and the cluster puts it back by itself
  mayDelete: () => ({ allowed: false, reason: reasonOf("volume-attachment-managed") }),
};
