/** Where the content of a new disk comes from. */
import type { DiskRow } from "@kubev/api-types/disks";
import { pageOf } from "../../api/queries.ts";
import { idOf, nameQuery, ofId } from "../../components/list-choice.ts";
import { bothChoices, useListChoice } from "../../components/use-list-choice.ts";
import { formatBytes } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import type { ComboboxItem } from "../../ui/choice-item.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { ImportFields } from "../source/ImportFields.tsx";
import { SnapshotChoice } from "../source/SnapshotChoice.tsx";
import { useSourceSize } from "../source/use-source-size.ts";
import { useImageChoice } from "../vm-create/use-image-choice.ts";
import { FileField } from "../../uploads/FileField.tsx";
import type { ChosenFile } from "../../uploads/use-chosen-file.ts";
import type { DiskDraft, DiskSourceKind } from "./disk-draft.ts";

interface DiskSourceProps {
  project: string;
  draft: DiskDraft;
  file: ChosenFile;
  change: (part: Partial<DiskDraft>) => void;
  errorAt: (path: string) => string | undefined;
}

export function DiskSourceSection({ project, draft, file, change, errorAt }: DiskSourceProps) {
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
          { value: "upload", title: "File", detail: "Sent from this computer." },
          { value: "url", title: "Address", detail: "A file on a web server." },
          { value: "registry", title: "Registry", detail: "A container disk." },
        ]}
      />
      {kind === "upload" ? (
        <FileField
          chosen={file}
          field="source.fileSizeBytes"
          error={file.problem ?? errorAt("source.fileSizeBytes")}
        />
      ) : null}
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
  const { items, search, chosen } = useImageChoice({
    project,
    value: draft.image,
    toItem: (image) => ({
      value: idOf(image),
      label: image.displayName || image.name,
      detail: image.sizeBytes === null ? "" : formatBytes(image.sizeBytes),
      group: image.shared ? "Shared" : undefined,
      disabledReason: image.state.status === "ready" ? undefined : reasonText({ code: "image-not-ready" }),
    }),
  });
  useChosenSize(draft.image, chosen?.sizeBytes, props);
  return (
    <div data-field="source.name">
      <Combobox
        label="Image"
        placeholder="Choose or search"
        value={draft.image}
        onChange={(image) => change({ image })}
        items={items}
        search={search}
        emptyText="There is no image of that name."
        error={error}
      />
    </div>
  );
}

function DiskChoice(props: ChoiceProps) {
  const { project, draft, change, error } = props;
  const choice = { toItem: diskItem, value: draft.disk, many: "disks" };
  const isOwn = (id: string) => ofId(id).project === project;
  const own = useListChoice({
    ...choice,
    page: (query) => pageOf("listDisks", { query: { project, ...query } }),
    rowOf: (id) => (isOwn(id) ? nameQuery(ofId(id).name) : null),
  });
  const others = useListChoice({
    ...choice,
    page: (query) => pageOf("listDisks", { query }),
    where: `-project:${project}`,
    rowOf: (id) => (isOwn(id) ? null : `${nameQuery(ofId(id).name)} project:${ofId(id).project}`),
  });
  const { items, search, chosen } = bothChoices(own, others);
  useChosenSize(draft.disk, chosen?.sizeBytes, props);
  return (
    <div data-field="source.name">
      <Combobox
        label="Disk"
        placeholder="Choose or search"
        value={draft.disk}
        onChange={(disk) => change({ disk })}
        items={items}
        search={search}
        emptyText="There is no disk of that name."
        error={error}
      />
    </div>
  );
}

const diskItem = (disk: DiskRow): ComboboxItem => ({
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
});
