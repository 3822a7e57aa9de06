/** An image that the cluster fetches by itself, or copies from a disk. */
import type { ImageImport, ImageMedia } from "@kubev/api-types/images";
import { call } from "../../api/client.ts";
import { pageOf } from "../../api/queries.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { useInstanceTypes, usePreferenceChoices, useStorageClasses } from "../../components/use-choices.ts";
import { useListChoice } from "../../components/use-list-choice.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatBytes } from "../../format/numbers.ts";
import { useKeptDraft, withoutCredentials } from "../../forms/kept-draft.ts";
import { ImportFields } from "../../forms/source/ImportFields.tsx";
import { FormPage, FormSection, goToField } from "../../forms/form-parts.tsx";
import { paths } from "../../paths.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextField } from "../../ui/TextField.tsx";

type Kind = ImageImport["source"]["kind"];

const labels: Record<string, string> = {
  name: "Name",
  source: "Source",
  "source.url": "Address",
  "source.name": "Disk",
  diskSizeBytes: "Disk size",
  storageClass: "Storage class",
};

const emptyDraft = {
  kind: "url" as Kind,
  place: { url: "", registry: "", disk: "", checksum: "" },
  form: {
    name: "",
    displayName: "",
    media: "disk" as ImageMedia,
    diskSizeBytes: 10 * 1024 ** 3,
    storageClass: "",
    defaultInstanceType: "",
    defaultPreference: "",
  },
};

export default function ImageImportPage() {
  useTitle("Import an image");
  const { project } = useNamed();
  const go = useGo();
  const storage = useStorageClasses();
  const types = useInstanceTypes(project, "cluster");
  const preferences = usePreferenceChoices(project, "cluster");
  const { uploadRefused } = useProjectActions(project);
  const { draft, setDraft, changed, discard } = useKeptDraft(`image/${project}`, emptyDraft, {
    worthKeeping: (typed) => ({
      ...typed,
      place: { ...typed.place, url: withoutCredentials(typed.place.url) },
    }),
  });
  const { kind, place, form } = draft;
  const disks = useListChoice({
    page: (query) => pageOf("listDisks", { query: { project, ...query } }),
    toItem: ({ name, sizeBytes }) => ({
      value: name,
      label: name,
      detail: sizeBytes === null ? "" : formatBytes(sizeBytes),
    }),
    value: place.disk,
    where: "status:ready",
    many: "disks",
    enabled: kind === "disk",
  });
  const setPlace = (part: Partial<typeof place>) =>
    setDraft((before) => ({ ...before, place: { ...before.place, ...part } }));
  const change = (part: Partial<typeof form>) =>
    setDraft((before) => ({ ...before, form: { ...before.form, ...part } }));
  const body = {
    ...form,
    source:
      kind === "url"
        ? { kind, url: place.url, checksum: place.checksum }
        : kind === "registry"
          ? { kind, url: place.registry }
          : { kind, project, name: place.disk },
  };
  const create = useDeed({
    run: () => call("importImage", { params: { project }, body }),
    done: (made) => `${made.name} is being imported.`,
    shownBy: ["listImages"],
    onDone: () => {
      discard();
      go(paths.images(project));
    },
  });
  const errors = formErrors(fieldsOf(create.error));
  return (
    <FormPage
      title="Import an image"
      lead={`In ${project}. The cluster fetches it, not this browser.`}
      verb="Import image"
      busy={create.isPending}
      disabledReason={uploadRefused}
      onSubmit={() =>
        create.mutate(undefined, { onError: (error) => goToField(fieldsOf(error)[0]?.path ?? "name") })
      }
      leave={paths.images(project)}
      onDiscard={changed ? discard : undefined}
      error={create.error}
      fields={errors.all}
      labelOf={(path) => labels[path] ?? path}
      asideLabel="About imports"
      aside={
        <div className="flex flex-col gap-3 p-4 text-secondary">
          <p>
            The import goes on when you leave this page. Should it hang, the image and its disk say why, in
            the cluster's own words.
          </p>
          <p>To have an image follow its source by itself, make a scheduled import instead.</p>
        </div>
      }
    >
      <FormSection title="Source">
        <RadioCards<Kind>
          label="Source"
          columns={3}
          value={kind}
          onChange={(next) => setDraft((before) => ({ ...before, kind: next }))}
          cards={[
            { value: "url", title: "Address", detail: "A file on a web server." },
            { value: "registry", title: "Registry", detail: "A container disk." },
            { value: "disk", title: "Disk", detail: "A copy of a disk of this project." },
          ]}
        />
        {kind === "disk" ? (
          <div data-field="source.name">
            <Combobox
              label="Disk"
              placeholder="Choose or search"
              value={place.disk}
              onChange={(disk) => {
                setPlace({ disk });
                const bytes = disks.rows.find((one) => one.name === disk)?.sizeBytes ?? 0;
                change({ diskSizeBytes: Math.max(form.diskSizeBytes, bytes) });
              }}
              items={disks.items}
              search={disks.search}
              emptyText="This project has no disk of that name."
              error={errors.at("source.name") ?? errors.at("source")}
            />
          </div>
        ) : (
          <ImportFields kind={kind} value={place} onChange={setPlace} errorAt={errors.at} />
        )}
      </FormSection>
      <FormSection title="Image">
        <div data-field="name">
          <TextField
            label="Name"
            value={form.name}
            onChange={(name) => change({ name })}
            error={errors.at("name")}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            placeholder="debian-13"
            hint="Lower-case letters, digits and hyphens."
          />
        </div>
        <TextField
          label="Shown as"
          optional
          value={form.displayName}
          onChange={(displayName) => change({ displayName })}
          maxLength={200}
          placeholder="Debian 13"
        />
        <RadioCards<ImageMedia>
          label="Kind"
          value={form.media}
          onChange={(media) => change({ media })}
          cards={[
            { value: "disk", title: "Disk", detail: "It boots by itself; machines get a copy of it." },
            { value: "iso", title: "Installer ISO", detail: "A CD-ROM beside an empty disk." },
          ]}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <div data-field="diskSizeBytes">
            <SizeField
              label="Disk size"
              bytes={form.diskSizeBytes}
              onChange={(bytes) => change({ diskSizeBytes: bytes ?? 0 })}
              error={errors.at("diskSizeBytes")}
              hint="At least the size of the disk inside the file."
            />
          </div>
          <div data-field="storageClass">
            <Select
              label="Storage class"
              value={form.storageClass}
              onChange={(storageClass) => change({ storageClass })}
              choices={storage.choices}
              hint={storage.hint(form.storageClass)}
              error={errors.at("storageClass")}
            />
          </div>
        </div>
      </FormSection>
      <FormSection title="Defaults for machines made from it">
        <Combobox
          label="Instance type"
          optional
          value={form.defaultInstanceType}
          onChange={(defaultInstanceType) => change({ defaultInstanceType })}
          items={types.items}
          emptyText="No instance type of that name."
        />
        <Combobox
          label="Preference"
          optional
          value={form.defaultPreference}
          onChange={(defaultPreference) => change({ defaultPreference })}
          items={preferences.items}
          emptyText="No preference of that name."
        />
      </FormSection>
    </FormPage>
  );
}
