/** Where the content of a new disk comes from. */
import { useQuery } from "@tanstack/react-query";
import { readList } from "../../api/queries.ts";
import { formatBytes } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox, type ComboboxItem } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { ImportFields } from "../source/ImportFields.tsx";
import { SnapshotChoice } from "../source/SnapshotChoice.tsx";
import { useSourceSize } from "../source/use-source-size.ts";
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
        <SnapshotChoice
          project={project}
          value={draft.snapshot}
          onChange={(snapshot) => change({ snapshot })}
          sizedFor={draft.sizedFor}
          onSize={(bytes, source) => change(sizedAs(draft, bytes, source))}
          error={error}
        />
      ) : null}
      {kind === "url" || kind === "registry" ? (
        <ImportFields kind={kind} value={draft} onChange={change} errorAt={errorAt} />
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

const sizedAs = (draft: DiskDraft, bytes: number, source: string): Partial<DiskDraft> => ({
  sizeBytes: Math.max(draft.sizeBytes ?? 0, bytes),
  sizedFor: source,
});

/** Takes over the size of what was chosen. */
function useChosenSize(source: string, bytes: number | null | undefined, { draft, change }: ChoiceProps) {
  useSourceSize({
    source,
    bytes,
    sizedFor: draft.sizedFor,
    onSize: (size, sized) => change(sizedAs(draft, size, sized)),
  });
}

function ImageChoice(props: ChoiceProps) {
  const { project, draft, change, error } = props;
  const images = useImageChoices(project);
  const idOf = (image: (typeof images)[number]) => `${image.project}/${image.name}`;
  useChosenSize(draft.image, images.find((one) => idOf(one) === draft.image)?.sizeBytes, props);
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
  useChosenSize(draft.disk, disks.find((one) => idOf(one) === draft.disk)?.sizeBytes, props);
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
