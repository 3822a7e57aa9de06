/** Where the content of a new disk comes from. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { readList } from "../../api/queries.ts";
import { formatBytes } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox, type ComboboxItem } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { useImageChoices } from "../vm-create/use-image-choices.ts";
import type { DiskDraft, DiskSourceKind } from "./disk-draft.ts";

interface DiskSourceProps {
  project: string;
  draft: DiskDraft;
  change: (part: Partial<DiskDraft>) => void;
  errorAt: (path: string) => string | undefined;
}

export function DiskSourceSection({ project, draft, change, errorAt }: DiskSourceProps) {
  const { kind } = draft;
  const error = errorAt("source.name") ?? errorAt("source");
  return (
    <>
      <RadioCards<DiskSourceKind>
        label="Source"
        columns={3}
        value={kind}
        onChange={(next) => change({ kind: next })}
        cards={[
          { value: "blank", title: "Empty", detail: "For a machine to format." },
          { value: "image", title: "Image", detail: "A copy of an image." },
          { value: "disk", title: "Disk", detail: "A copy of another disk." },
          { value: "snapshot", title: "Snapshot", detail: "What a disk held once." },
          { value: "url", title: "Address", detail: "A file on a web server." },
          { value: "registry", title: "Registry", detail: "A container disk." },
        ]}
      />
      {kind === "image" ? (
        <ImageChoice project={project} draft={draft} change={change} error={error} />
      ) : null}
      {kind === "disk" ? <DiskChoice project={project} draft={draft} change={change} error={error} /> : null}
      {kind === "snapshot" ? (
        <SnapshotChoice project={project} draft={draft} change={change} error={error} />
      ) : null}
      {kind === "url" ? (
        <>
          <div data-field="source.url">
            <TextField
              label="Address"
              mono
              value={draft.url}
              onChange={(url) => change({ url: url.trim() })}
              error={errorAt("source.url") ?? errorAt("source")}
              placeholder="https://cloud.debian.org/images/cloud/trixie/latest/debian-13-generic-amd64.qcow2"
              hint="The cluster fetches it, not this browser. qcow2, raw or ISO; also compressed with gzip or xz."
            />
          </div>
          <div data-field="source.checksum">
            <TextField
              label="Checksum"
              optional
              mono
              value={draft.checksum}
              onChange={(checksum) => change({ checksum: checksum.trim() })}
              error={errorAt("source.checksum")}
              placeholder="sha256:…"
            />
          </div>
        </>
      ) : null}
      {kind === "registry" ? (
        <div data-field="source.url">
          <TextField
            label="Image"
            mono
            value={draft.registry}
            onChange={(registry) => change({ registry: registry.trim() })}
            error={errorAt("source.url") ?? errorAt("source")}
            placeholder="docker://quay.io/containerdisks/debian:13"
          />
        </div>
      ) : null}
    </>
  );
}

interface ChoiceProps {
  project: string;
  draft: DiskDraft;
  change: (part: Partial<DiskDraft>) => void;
  error: string | undefined;
}

/** Once the chosen source's size is known, the disk is made at least as large; the URL may have chosen it before. */
function useSourceSize(source: string, bytes: number | null | undefined, { draft, change }: ChoiceProps) {
  const take = useEffectEvent(() => {
    if (source === "" || bytes == null || draft.sizedFor === source) return;
    change({ sizeBytes: Math.max(draft.sizeBytes ?? 0, bytes), sizedFor: source });
  });
  useEffect(() => take(), [source, bytes]); // eslint-disable-line react/exhaustive-effect-dependencies -- what was chosen and its size are what asks for it
}

function ImageChoice(props: ChoiceProps) {
  const { project, draft, change, error } = props;
  const images = useImageChoices(project);
  const idOf = (image: (typeof images)[number]) => `${image.project}/${image.name}`;
  useSourceSize(draft.image, images.find((one) => idOf(one) === draft.image)?.sizeBytes, props);
  const items: ComboboxItem[] = images.map((image) => ({
    value: idOf(image),
    label: image.displayName || image.name,
    detail: image.sizeBytes === null ? "" : formatBytes(image.sizeBytes),
    group: image.shared ? "Shared" : undefined,
    disabledReason: image.state.status === "ready" ? undefined : reasonText({ code: "image-not-ready" }),
  }));
  return (
    <div data-field="source.name">
      <Combobox
        label="Image"
        placeholder="Choose or search"
        value={draft.image}
        onChange={(image) => change({ image })}
        items={items}
        emptyText="There is no image of that name."
        error={error}
      />
    </div>
  );
}

function DiskChoice(props: ChoiceProps) {
  const { project, draft, change, error } = props;
  const disks = useQuery(readList("listDisks", { query: { pageSize: 200, sort: "name" } })).data?.rows ?? [];
  const idOf = (disk: (typeof disks)[number]) => `${disk.project}/${disk.name}`;
  useSourceSize(draft.disk, disks.find((one) => idOf(one) === draft.disk)?.sizeBytes, props);
  const items: ComboboxItem[] = disks
    .toSorted((a, b) => Number(b.project === project) - Number(a.project === project))
    .map((disk) => ({
      value: idOf(disk),
      label: disk.name,
      detail: [disk.sizeBytes === null ? "" : formatBytes(disk.sizeBytes), disk.storageClass]
        .filter(Boolean)
        .join(" · "),
      group: disk.project,
      disabledReason:
        disk.state.status === "ready"
          ? undefined
          : reasonText({ code: "disk-not-ready", params: { name: disk.name } }),
    }));
  return (
    <div data-field="source.name">
      <Combobox
        label="Disk"
        placeholder="Choose or search"
        value={draft.disk}
        onChange={(disk) => change({ disk })}
        items={items}
        emptyText="There is no disk of that name."
        error={error}
      />
    </div>
  );
}

function SnapshotChoice(props: ChoiceProps) {
  const { project, draft, change, error } = props;
  const params = { noun: "volume-snapshot" as const };
  const snapshots =
    useQuery(readList("listObjects", { params, query: { project, pageSize: 200 } })).data?.rows ?? [];
  const bytesOf = (name: string) => {
    const bytes = snapshots.find((one) => one.name === name)?.facts["restoreBytes"];
    return typeof bytes === "number" ? bytes : null;
  };
  useSourceSize(draft.snapshot, bytesOf(draft.snapshot), props);
  const items: ComboboxItem[] = snapshots.map((snapshot) => ({
    value: snapshot.name,
    label: snapshot.name,
    detail: formatBytes(bytesOf(snapshot.name) ?? 0),
    disabledReason:
      snapshot.state.status === "ready"
        ? undefined
        : reasonText({ code: "snapshot-not-ready", params: { name: snapshot.name } }),
  }));
  return (
    <div data-field="source.name">
      <Combobox
        label="Snapshot"
        placeholder="Choose or search"
        value={draft.snapshot}
        onChange={(snapshot) => change({ snapshot })}
        items={items}
        emptyText="This project has no snapshot of that name."
        error={error}
      />
    </div>
  );
}
