/** Uploading an image: the file first, everything else follows from it and can be changed. */
import type { ImageFile } from "@kubev/api-types/image-file";
import type { ImageMedia } from "@kubev/api-types/images";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "../../ui/toast.ts";
import { call, urlOf } from "../../api/client.ts";
import { capabilitiesQuery } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { FormErrorSummary } from "../../components/FormErrorSummary.tsx";
import { useInstanceTypes, usePreferenceChoices, useStorageClasses } from "../../components/use-choices.ts";
import { useGo, useNamed, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatBytes } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { errorLine } from "../../reasons/error-text.ts";
import { Button } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import {
  fittingDiskBytes,
  imageNameFrom,
  isHeaderDamaged,
  isNameDeceiving,
  judgeImageFile,
} from "../../uploads/image-file.ts";
import { uploads } from "../../uploads/use-uploads.ts";
import { FileDrop } from "./FileDrop.tsx";

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
  const cache = useQueryClient();
  const maxBytes = useQuery(capabilitiesQuery()).data?.maxUploadBytes;
  const [file, setFile] = useState<File | null>(null);
  const [judged, setJudged] = useState<ImageFile | null>(null);
  const [sendAnyway, setSendAnyway] = useState(false);
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

  const choose = async (chosen: File) => {
    const found = await judgeImageFile(chosen);
    setFile(chosen);
    setJudged(found);
    setName((before) => before || imageNameFrom(chosen.name));
    setMedia(found.kind === "iso" ? "iso" : "disk");
    setSendAnyway(false);
    setDiskSizeBytes(isHeaderDamaged(found) ? null : fittingDiskBytes(found, chosen.size));
  };

  const create = useMutation({
    mutationFn: async (chosen: File) => {
      const created = await call("createImage", {
        params: { project },
        body: {
          name,
          displayName: displayName.trim(),
          media,
          fileSizeBytes: chosen.size,
          diskSizeBytes: diskSizeBytes ?? chosen.size,
          storageClass,
          defaultInstanceType: instanceType,
          defaultPreference: preference,
        },
      });
      const params = { project, name: created.name };
      const id = uploads.start(
        {
          ...params,
          file: chosen,
          url: urlOf("uploadImage", { params, query: { asRaw: sendAnyway ? "true" : "false" } }),
        },
        () => {
          void cache.invalidateQueries({ queryKey: ["listImages"] });
          const ended = uploads.snapshot().find((upload) => upload.id === id);
          if (ended?.state === "done") toast.success(`${created.name} was uploaded.`);
          else if (ended?.error)
            toast.error(`The upload of ${created.name} failed.`, {
              description: errorLine(ended.error),
              durationMs: 20_000,
            });
        },
      );
    },
    onSuccess: () =>
      next === "create-vm"
        ? go(paths.vmCreate(project), {
            source: media === "iso" ? "iso" : "image",
            image: `${project}/${name}`,
          })
        : go(paths.images(project)),
  });

  const errors = formErrors(fieldsOf(create.error));
  const fileError =
    file === null
      ? tried
        ? "Choose a file."
        : undefined
      : file.size === 0
        ? "This file is empty."
        : judged?.insteadOfImage
          ? `This is ${judged.insteadOfImage}, not a disk image. Choose a qcow2, raw or ISO file.`
          : judged !== null && isHeaderDamaged(judged)
            ? "This header is damaged: it tells of a disk larger than 64 TiB. Choose another file."
            : maxBytes !== undefined && file.size > maxBytes
              ? `This file has ${formatBytes(file.size)}; at most ${formatBytes(maxBytes)} can be uploaded.`
              : errors.at("fileSizeBytes");
  const nameError = tried && name === "" ? "Give the image a name." : errors.at("name");
  const sizeError =
    tried && file !== null && diskSizeBytes === null
      ? "Enter the size of the disk."
      : errors.at("diskSizeBytes");

  const unrecognised =
    file !== null && file.size > 0 && judged?.kind === "unknown" && judged.insteadOfImage === null;
  const deceiving = file !== null && judged !== null && unrecognised && isNameDeceiving(judged, file.name);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (unrecognised && !sendAnyway) return;
    if (file === null || name === "" || diskSizeBytes === null || (fileError && !errors.at("fileSizeBytes")))
      return;
    create.mutate(file);
  };

  return (
    <form onSubmit={submit} noValidate className="flex w-full max-w-2xl flex-col gap-5 px-3 py-5 md:px-5">
      <header>
        <h1 className="text-xl font-semibold tracking-tight">Upload an image</h1>
        <p className="text-secondary">
          It belongs to {project}; machines of this project can be made from it.
        </p>
      </header>
      <FormErrorSummary
        error={create.error}
        fields={errors.all}
        labelOf={(path) => labels[path] ?? path}
        onGo={(path) => document.querySelector<HTMLElement>(`[data-field="${path}"] input`)?.focus()}
      />
      <div data-field="fileSizeBytes">
        <FileDrop
          file={file}
          onFile={(chosen) => void choose(chosen)}
          error={fileError}
          maxBytes={maxBytes}
        />
      </div>
      {unrecognised ? (
        <Notice tone="attention">
          The beginning of this file shows no known image format. It can be sent as it is, as a raw disk; it
          may not boot.
          <div className="mt-2">
            <CheckField
              label="Send it as a raw disk anyway"
              hint={deceiving ? `${file.name} is not what its name says.` : undefined}
              checked={sendAnyway}
              onChange={setSendAnyway}
            />
          </div>
        </Notice>
      ) : null}
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
          hint={
            judged?.virtualSizeBytes == null || isHeaderDamaged(judged)
              ? "At least the size of the disk inside the file."
              : `The disk inside the file has ${formatBytes(judged.virtualSizeBytes)}.`
          }
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
      <footer className="flex flex-wrap gap-2 border-t border-stroke pt-4">
        <Button
          type="submit"
          tone="primary"
          busy={create.isPending}
          disabledReason={
            unrecognised && !sendAnyway
              ? "Confirm first that the file is to be sent as a raw disk."
              : undefined
          }
        >
          Upload image
        </Button>
        <ButtonLink to={next === "create-vm" ? paths.vmCreate(project) : paths.images(project)}>
          Cancel
        </ButtonLink>
      </footer>
    </form>
  );
}
