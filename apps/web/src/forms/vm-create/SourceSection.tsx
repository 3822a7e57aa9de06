/** Where the first disk comes from. */
import type { DiskRow } from "@kubev/api-types/disks";
import type { ImageRow } from "@kubev/api-types/images";
import { useEffect, useEffectEvent } from "react";
import { pageOf } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useStorageClasses } from "../../components/use-choices.ts";
import { idOf } from "../../components/list-choice.ts";
import { useListChoice } from "../../components/use-list-choice.ts";
import { formatBytes } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import type { ComboboxItem } from "../../ui/choice-item.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { ImportFields } from "../source/ImportFields.tsx";
import { SnapshotChoice } from "../source/SnapshotChoice.tsx";
import type { SourceKind, VmDraft } from "./draft.ts";
import { MachineSource } from "./MachineSource.tsx";
import type { SectionProps } from "./section.ts";
import { useImageChoice } from "./use-image-choice.ts";

const gibibyte = 1024 ** 3;

export function SourceSection({ project, draft, change, errorAt }: SectionProps) {
  const storage = useStorageClasses();
  const kind = draft.source;
  const named = kind === "iso" ? draft.iso : draft.image;
  const images = useImageChoice({
    project,
    value: named,
    where: kind === "iso" ? "media:iso" : "-media:iso",
    toItem: itemOf,
  });
  const { chosen } = images;
  const disks = useListChoice({
    page: (query) => pageOf("listDisks", { query: { project, ...query } }),
    toItem: diskItemOf,
    value: draft.disk,
    many: "disks",
    enabled: kind === "disk",
  });

  const wanted = kind === "image" && chosen !== undefined ? idOf(chosen) : "";
  const takeDefaults = useEffectEvent(() => {
    if (chosen !== undefined && draft.defaultsOfImage !== wanted)
      change({ ...defaultsOf(chosen, draft), defaultsOfImage: wanted });
  });
  // An image may be named by the URL and known only when the list arrives: hence not in the choice itself.
  useEffect(() => {
    if (wanted !== "") takeDefaults();
  }, [wanted]);

  return (
    <div className="flex flex-col gap-4">
      <RadioCards<SourceKind>
        label="Source"
        columns={3}
        value={kind}
        onChange={(source) => change({ source })}
        cards={[
          { value: "image", title: "Image", detail: "A copy of an image that boots." },
          { value: "iso", title: "Installer ISO", detail: "A CD-ROM beside an empty disk." },
          { value: "disk", title: "Existing disk", detail: "A disk of this project, not copied." },
          { value: "blank", title: "Empty disk", detail: "To be filled from the network." },
          { value: "url", title: "Address", detail: "A file on a web server." },
          { value: "registry", title: "Registry", detail: "A container disk." },
          { value: "snapshot", title: "Disk snapshot", detail: "What a disk held once." },
          { value: "machine", title: "Another machine", detail: "A clone of it, or its snapshot." },
          { value: "upload", title: "File of yours", detail: "Upload it as an image first." },
        ]}
      />
      {kind === "image" || kind === "iso" ? (
        <div data-field="source.name">
          <Combobox
            key={kind}
            label={kind === "iso" ? "Installer ISO" : "Image"}
            placeholder="Choose or search"
            value={named}
            onChange={(id) => change(kind === "iso" ? { iso: id } : { image: id })}
            items={images.items}
            search={images.search}
            emptyText={
              kind === "iso"
                ? "There is no installer ISO. Upload one first."
                : "There is no image. Upload one first."
            }
            error={errorAt("source.name") ?? errorAt("source")}
          />
        </div>
      ) : null}
      {kind === "disk" ? (
        <div data-field="source.name">
          <Combobox
            label="Disk"
            placeholder="Choose or search"
            value={draft.disk}
            onChange={(disk) => change({ disk })}
            items={disks.items}
            search={disks.search}
            emptyText="This project has no disk of that name."
            error={errorAt("source.name") ?? errorAt("source")}
          />
        </div>
      ) : null}
      {kind === "url" || kind === "registry" ? (
        <ImportFields
          kind={kind}
          value={{ url: draft.url, registry: draft.registry }}
          onChange={({ url, registry }) =>
            change({ ...(url === undefined ? {} : { url }), ...(registry === undefined ? {} : { registry }) })
          }
          errorAt={errorAt}
        />
      ) : null}
      {kind === "snapshot" ? (
        <SnapshotChoice
          project={project}
          value={draft.snapshot}
          onChange={(snapshot) => change({ snapshot })}
          sizedFor={draft.sizedFor}
          onSize={(bytes, sizedFor) =>
            change({ diskSizeBytes: Math.max(draft.diskSizeBytes ?? 0, bytes), sizedFor })
          }
          error={errorAt("source.name") ?? errorAt("source")}
        />
      ) : null}
      {kind === "machine" ? (
        <MachineSource
          project={project}
          value={draft.machine}
          onChange={(machine) => change({ machine })}
          error={errorAt("source.name")}
        />
      ) : null}
      {kind === "upload" ? (
        <div
          data-field="source.name"
          className="flex flex-wrap items-center gap-3 rounded-md border border-stroke bg-raised px-3 py-3"
        >
          <p className="min-w-0 flex-1 basis-60 text-secondary">
            Upload a qcow2, raw or ISO file as an image of {project}. This form stays as it is; the image is
            chosen when you come back.
          </p>
          <ButtonLink to={paths.imageUpload(project)} search={{ next: "create-vm" }} tone="primary">
            Upload image
          </ButtonLink>
          {errorAt("source.name") ? (
            <p className="w-full text-xs text-error">{errorAt("source.name")}</p>
          ) : null}
        </div>
      ) : null}
      {kind === "disk" || kind === "upload" || kind === "machine" ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <div data-field="diskSizeBytes">
            <SizeField
              label={kind === "iso" ? "Size of the disk to install on" : "Disk size"}
              bytes={draft.diskSizeBytes}
              onChange={(diskSizeBytes) => change({ diskSizeBytes })}
              error={errorAt("diskSizeBytes")}
              hint={
                kind === "image" && chosen?.sizeBytes != null
                  ? `At least ${formatBytes(chosen.sizeBytes)}, the size of the image.`
                  : undefined
              }
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
        </div>
      )}
    </div>
  );
}

function diskItemOf(disk: DiskRow): ComboboxItem {
  return {
    value: disk.name,
    label: disk.name,
    detail: [disk.sizeBytes === null ? "" : formatBytes(disk.sizeBytes), disk.storageClass, disk.image ?? ""]
      .filter(Boolean)
      .join(" · "),
    disabledReason: disabledReason(disk.actions.attach),
  };
}

function itemOf(image: ImageRow): ComboboxItem {
  return {
    value: idOf(image),
    label: image.displayName === "" ? image.name : image.displayName,
    detail: [
      image.displayName === "" ? "" : image.name,
      image.sizeBytes === null ? "" : formatBytes(image.sizeBytes),
    ]
      .filter(Boolean)
      .join(" · "),
    group: image.shared ? "Shared" : undefined,
    disabledReason: disabledReason(image.actions.createVirtualMachine),
  };
}

/** What an image brings along: a disk it fits on, and the operator's choice of type and preference; a size typed by hand stays. */
function defaultsOf(image: ImageRow, { diskSizeBytes, sizing }: Pick<VmDraft, "diskSizeBytes" | "sizing">) {
  const least = image.sizeBytes === null ? 0 : Math.ceil(image.sizeBytes / gibibyte) * gibibyte;
  return {
    diskSizeBytes: Math.max(diskSizeBytes ?? 0, least),
    ...(image.defaultInstanceType && sizing === "instance-type"
      ? { instanceType: image.defaultInstanceType }
      : {}),
    ...(image.defaultPreference ? { preference: image.defaultPreference } : {}),
  };
}
