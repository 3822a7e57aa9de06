/** Creating a disk: where its content comes from, how large, on which storage; beside it what will be made. */
import type { DiskCreateInput } from "@kubev/api-types/disk-create";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { useGo, useNamed, useUrlSearch } from "../../components/use-place.ts";
import { useStorageClasses } from "../../components/use-choices.ts";
import { useTitle } from "../../components/use-title.ts";
import { DiskSourceSection } from "../../forms/disk-create/DiskSourceSection.tsx";
import { bodyOf, type DiskDraft, draftProblem, initialDraft } from "../../forms/disk-create/disk-draft.ts";
import { FormPage, FormSection, goToField } from "../../forms/form-parts.tsx";
import { useKeptDraft, withoutCredentials } from "../../forms/kept-draft.ts";
import { Preview } from "../../forms/Preview.tsx";
import { useChecked } from "../../forms/use-checked.ts";
import { paths } from "../../paths.ts";
import { useChosenFile } from "../../uploads/use-chosen-file.ts";
import { useSendFile } from "../../uploads/use-send-file.ts";
import { useDeed } from "../../components/use-deed.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextField } from "../../ui/TextField.tsx";

const labels: Record<string, string> = {
  name: "Name",
  source: "Source",
  "source.fileSizeBytes": "File",
  "source.name": "Source",
  "source.url": "Address",
  "source.checksum": "Checksum",
  sizeBytes: "Size",
  storageClass: "Storage class",
  accessMode: "Access",
  volumeMode: "Volume mode",
};

const accessModes = [
  { value: "", label: "As the storage profile says" },
  { value: "ReadWriteOnce", label: "One host (ReadWriteOnce)" },
  { value: "ReadWriteMany", label: "Several hosts (ReadWriteMany)" },
  { value: "ReadOnlyMany", label: "Several hosts, read only (ReadOnlyMany)" },
] as const;
const volumeModes = [
  { value: "", label: "As the storage profile says" },
  { value: "Block", label: "Block device" },
  { value: "Filesystem", label: "File on a file system" },
] as const;

function usePreview(project: string, asked: DiskCreateInput | null) {
  return useChecked({
    key: ["previewDisk", project],
    asked,
    ask: async (body, signal) => {
      if (body === null) throw new Error("nothing to ask");
      return call("previewDisk", { params: { project }, body }, { signal });
    },
    isReady: (body) => body !== null,
  });
}

export default function DiskCreatePage() {
  useTitle("Create a disk");
  const { project } = useNamed();
  const search = useUrlSearch();
  const go = useGo();
  const storage = useStorageClasses();
  const initial = initialDraft(project, search);
  // what a link begins the form with is part of its name: another link begins another one
  const { draft, setDraft, changed, discard } = useKeptDraft<DiskDraft>(
    `disk/${project}/${JSON.stringify(initial)}`,
    initial,
    { worthKeeping: (typed) => ({ ...typed, url: withoutCredentials(typed.url) }) },
  );
  const [tried, setTried] = useState(false);
  const change = (part: Partial<DiskDraft>) => setDraft((before) => ({ ...before, ...part }));
  const file = useChosenFile(({ name, diskBytes }) =>
    setDraft((before) => ({
      ...before,
      name: before.name || name,
      // a larger size that was typed stays
      sizeBytes: Math.max(before.sizeBytes ?? 0, diskBytes ?? 0) || null,
    })),
  );
  const send = useSendFile("disk");
  const isUpload = draft.kind === "upload";
  const missing = draftProblem(draft, file);
  const body = bodyOf(draft, file.file);
  const preview = usePreview(project, missing === null ? body : null);
  const create = useDeed({
    run: () => call("createDisk", { params: { project }, body }),
    done: (made) => (isUpload ? undefined : `${made.name} is being created.`),
    shownBy: ["listDisks", "getProject"],
    onDone: (made) => {
      if (isUpload && file.file !== null) send({ ...made, file: file.file, asRaw: file.sendAnyway });
      discard();
      go(paths.disk(made.project, made.name));
    },
  });
  const found =
    preview.ready && preview.current
      ? [
          ...(preview.query.data?.checks.flatMap((check) =>
            check.result === "blocking" ? (check.fields ?? []) : [],
          ) ?? []),
          ...fieldsOf(preview.query.error),
        ]
      : [];
  const refused = formErrors(fieldsOf(create.error));
  const errors = formErrors(found);
  const errorAt = (path: string) =>
    (tried && missing?.path === path ? missing.text : undefined) ?? errors.at(path) ?? refused.at(path);
  const submit = () => {
    setTried(true);
    const first = missing?.path ?? found[0]?.path;
    if (first === undefined) create.mutate();
    else goToField(first);
  };
  return (
    <FormPage
      title="Create a disk"
      lead={`In ${project}. Machines take it when they are created, or later.`}
      verb="Create disk"
      busy={create.isPending}
      onSubmit={submit}
      leave={paths.disks(project)}
      onDiscard={changed ? discard : undefined}
      error={create.error}
      fields={refused.all}
      labelOf={(path) => labels[path] ?? path}
      asideLabel="Preview"
      aside={
        <Preview
          prompt="Give the disk a name and a source; then the cluster is asked whether it fits."
          project={project}
          preview={preview.query.data}
          error={preview.query.error}
          ready={preview.ready}
          current={preview.current}
        />
      }
    >
      <FormSection title="Disk">
        <div data-field="name">
          <TextField
            label="Name"
            value={draft.name}
            onChange={(name) => change({ name })}
            error={errorAt("name")}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            placeholder="web-1-data"
            hint="Lower-case letters, digits and hyphens. It cannot be changed later."
          />
        </div>
      </FormSection>
      <FormSection title="Source">
        <DiskSourceSection project={project} draft={draft} file={file} change={change} errorAt={errorAt} />
      </FormSection>
      <FormSection title="Storage">
        <div className="grid gap-4 sm:grid-cols-2">
          <div data-field="sizeBytes">
            <SizeField
              label="Size"
              bytes={draft.sizeBytes}
              onChange={(sizeBytes) => change({ sizeBytes })}
              error={errorAt("sizeBytes")}
              hint={isUpload ? file.sizeHint : undefined}
            />
          </div>
          <div data-field="storageClass">
            <Select
              label="Storage class"
              value={draft.storageClass}
              onChange={(storageClass) => change({ storageClass })}
              choices={storage.choices}
              hint={storage.hint(draft.storageClass)}
              error={errorAt("storageClass")}
            />
          </div>
          <div data-field="accessMode">
            <Select
              label="Access"
              value={draft.accessMode}
              onChange={(accessMode) => change({ accessMode })}
              choices={accessModes}
              error={errorAt("accessMode")}
            />
          </div>
          <div data-field="volumeMode">
            <Select
              label="Volume mode"
              value={draft.volumeMode}
              onChange={(volumeMode) => change({ volumeMode })}
              choices={volumeModes}
              error={errorAt("volumeMode")}
            />
          </div>
        </div>
        {isUpload ? null : (
          <CheckField
            label="Make the volume now"
            hint="On a class that would wait for the first machine. The volume may then lie where that machine cannot run."
            checked={draft.bindNow}
            onChange={(bindNow) => change({ bindNow })}
          />
        )}
      </FormSection>
    </FormPage>
  );
}
