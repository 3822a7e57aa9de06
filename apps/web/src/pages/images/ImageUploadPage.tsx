/** Uploading an image: the file first, everything else follows from it and can be changed. */
import type { ImageMedia } from "@kubev/api-types/images";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { useInstanceTypes, usePreferenceChoices, useStorageClasses } from "../../components/use-choices.ts";
import { useGo, useNamed, useUrlSearch } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { FormPage, FormSection } from "../../forms/form-parts.tsx";
import { useDeed } from "../../components/use-deed.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { FileField } from "../../uploads/FileField.tsx";
import { useChosenFile } from "../../uploads/use-chosen-file.ts";
import { useSendFile } from "../../uploads/use-send-file.ts";

const labels: Record<string, string> = {
  name: "Name",
  displayName: "Shown as",
  diskSizeBytes: "Disk size",
  fileSizeBytes: "File",
  storageClass: "Storage class",
};

export default function ImageUploadPage() {
  useTitle("Upload an image");
  const { project } = useNamed();
  const go = useGo();
  const next = useUrlSearch()["next"];
  const { uploadRefused } = useProjectActions(project);
  const send = useSendFile("image");
  const [tried, setTried] = useState(false);
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [media, setMedia] = useState<ImageMedia>("disk");
  const [diskSizeBytes, setDiskSizeBytes] = useState<number | null>(null);
  const [storageClass, setStorageClass] = useState("");
  const [instanceType, setInstanceType] = useState("");
  const [preference, setPreference] = useState("");
  const storage = useStorageClasses();
  const types = useInstanceTypes(project, "cluster");
  const preferences = usePreferenceChoices(project, "cluster");

  const chosen = useChosenFile((suggestion) => {
    setName((before) => before || suggestion.name);
    setMedia(suggestion.isIso ? "iso" : "disk");
    setDiskSizeBytes(suggestion.diskBytes);
  });
  const { file, unrecognised, sendAnyway } = chosen;

  const create = useDeed({
    run: async (sent: File) => {
      const created = await call("createImage", {
        params: { project },
        body: {
          name,
          displayName: displayName.trim(),
          media,
          fileSizeBytes: sent.size,
          diskSizeBytes: diskSizeBytes ?? sent.size,
          storageClass,
          defaultInstanceType: instanceType,
          defaultPreference: preference,
        },
      });
      send({ project, name: created.name, file: sent, asRaw: sendAnyway });
    },
    shownBy: ["listImages"],
    onDone: () =>
      next === "create-vm"
        ? go(paths.vmCreate(project), {
            source: media === "iso" ? "iso" : "image",
            image: `${project}/${name}`,
          })
        : go(paths.images(project)),
  });

  const errors = formErrors(fieldsOf(create.error));
  const fileError =
    file === null ? (tried ? "Choose a file." : undefined) : (chosen.problem ?? errors.at("fileSizeBytes"));
  const nameError = tried && name === "" ? "Give the image a name." : errors.at("name");
  const sizeError =
    tried && file !== null && diskSizeBytes === null
      ? "Enter the size of the disk."
      : errors.at("diskSizeBytes");

  const submit = () => {
    setTried(true);
    if (unrecognised && !sendAnyway) return;
    if (file === null || name === "" || diskSizeBytes === null || (fileError && !errors.at("fileSizeBytes")))
      return;
    create.mutate(file);
  };

  return (
    <FormPage
      title="Upload an image"
      lead={`It belongs to ${project}; machines of this project can be made from it.`}
      verb="Upload image"
      busy={create.isPending}
      disabledReason={
        uploadRefused ??
        (unrecognised && !sendAnyway ? "Confirm first that the file is to be sent as a raw disk." : undefined)
      }
      onSubmit={submit}
      leave={next === "create-vm" ? paths.vmCreate(project) : paths.images(project)}
      error={create.error}
      fields={errors.all}
      labelOf={(path) => labels[path] ?? path}
      asideLabel="About uploads"
      aside={
        <div className="flex flex-col gap-3 p-4 text-secondary">
          <p>
            The file goes from this browser to the cluster, and nothing of it is kept on the way. You can go
            on working here meanwhile; closing the window breaks it off.
          </p>
          <p>
            One that breaks off or is refused says so on the image&apos;s page, and is sent again from there.
          </p>
        </div>
      }
    >
      <FormSection title="File">
        <FileField chosen={chosen} field="fileSizeBytes" error={fileError} />
      </FormSection>
      <FormSection title="Image">
        <div data-field="name">
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            error={nameError}
            maxLength={63}
            spellCheck={false}
            hint="Lower-case letters, digits and hyphens."
          />
        </div>
        <TextField
          label="Shown as"
          optional
          value={displayName}
          onChange={setDisplayName}
          error={errors.at("displayName")}
          maxLength={200}
          placeholder="Debian 12, our build"
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">Kind</legend>
          <RadioCards<ImageMedia>
            label="Kind"
            value={media}
            onChange={setMedia}
            cards={[
              { value: "disk", title: "Disk", detail: "It boots by itself; machines get a copy of it." },
              {
                value: "iso",
                title: "Installer ISO",
                detail: "It is inserted as a CD-ROM beside an empty disk.",
              },
            ]}
          />
        </fieldset>
        <div data-field="diskSizeBytes">
          <SizeField
            label="Disk size"
            bytes={diskSizeBytes}
            onChange={setDiskSizeBytes}
            error={sizeError}
            hint={chosen.sizeHint}
          />
        </div>
        <Select
          label="Storage class"
          value={storageClass}
          onChange={setStorageClass}
          choices={storage.choices}
          hint={storage.hint(storageClass)}
          error={errors.at("storageClass")}
        />
      </FormSection>
      <details className="group rounded-md border border-stroke">
        <summary className="px-3 py-2 font-medium">Defaults for machines made from it</summary>
        <div className="flex flex-col gap-4 px-3 pt-1 pb-4">
          <Combobox
            label="Instance type"
            optional
            value={instanceType}
            onChange={setInstanceType}
            items={types.items}
            emptyText="No instance type of that name."
          />
          <Combobox
            label="Preference"
            optional
            value={preference}
            onChange={setPreference}
            items={preferences.items}
            emptyText="No preference of that name."
          />
        </div>
      </details>
    </FormPage>
  );
}
