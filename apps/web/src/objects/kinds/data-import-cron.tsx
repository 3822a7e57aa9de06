/** Scheduled imports: list, page and form. */
import { AppLink } from "../../components/AppLink.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatExact } from "../../format/dates.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";

const dateOr = (iso: string, none: string) => (iso === "" ? none : formatExact(iso));

export const dataImportCronPage: ObjectPage<"data-import-cron"> = {
  noun: "data-import-cron",
  placeholder: "Search by name, image or source",
  hints: [
    { word: "status:outdated", detail: "By state" },
    { word: "image:", detail: "By the image that follows it" },
  ],
  states: {
    ready: { word: "Up to date", tone: "ok" },
    importing: { word: "Importing", tone: "working" },
    outdated: { word: "Not up to date", tone: "attention" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "image",
      header: "Image",
      sortKey: "image",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => <span className="truncate">{facts.image}</span>,
      csv: ({ facts }) => facts.image,
    },
    {
      id: "url",
      header: "From",
      track: "minmax(180px,1.8fr)",
      cell: ({ facts }) => <span className="truncate text-secondary">{facts.url || "–"}</span>,
      csv: ({ facts }) => facts.url,
    },
    {
      id: "schedule",
      header: "When (UTC)",
      track: "minmax(100px,0.7fr)",
      cell: ({ facts }) => <span className="truncate font-mono text-xs">{facts.schedule}</span>,
      csv: ({ facts }) => facts.schedule,
    },
    {
      id: "lastRun",
      header: "Last looked",
      sortKey: "lastRun",
      track: "minmax(140px,1fr)",
      cell: ({ facts }) => <span className="truncate">{dateOr(facts.lastRunAt, "Never")}</span>,
      csv: ({ facts }) => facts.lastRunAt,
    },
  ],
  empty:
    "A scheduled import looks for a newer image in a registry and keeps an image of this project up to date.",
  narrow: (facts) => [facts.image, facts.schedule],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Scheduled import">
        <Facts
          facts={[
            {
              name: "Keeps up to date",
              value: <AppLink to={paths.image(row.project, row.facts.image)}>{row.facts.image}</AppLink>,
            },
            { name: "From", value: <span className="break-all">{row.facts.url || "Not a registry"}</span> },
            { name: "When (UTC)", value: <span className="font-mono text-xs">{row.facts.schedule}</span> },
            { name: "Last looked", value: dateOr(row.facts.lastRunAt, "Never") },
            { name: "Last import", value: dateOr(detail.lastImportAt, "Never") },
            { name: "Next look", value: dateOr(detail.nextRunAt, "Not told") },
            { name: "Keeps", value: `${row.facts.importsToKeep} imports` },
          ]}
        />
      </Section>
      <Conditions conditions={detail.conditions} none="CDI has reported nothing yet." />
      <Section title="Imports">
        {detail.imports.length === 0 ? (
          <p className="text-secondary">Nothing was imported yet.</p>
        ) : (
          <SimpleTable
            label="Imports"
            columns={["Disk", "Digest"]}
            rows={detail.imports.map((one) => ({
              key: one.disk,
              cells: [
                <AppLink key="disk" to={paths.disk(row.project, one.disk)} look="plain">
                  {one.disk}
                </AppLink>,
                <span key="digest" className="font-mono text-xs break-all">
                  {one.digest}
                </span>,
              ],
            }))}
          />
        )}
      </Section>
    </>
  ),
  deletion: () =>
    "The image is no longer kept up to date. What was imported goes with it, unless it is to be retained.",
  form: {
    lead: "Looks for a newer container disk in a registry, imports it, and lets an image of this project follow.",
    initial: () => ({
      name: "",
      image: "",
      url: "",
      schedule: "0 3 * * *",
      importsToKeep: 3,
      sizeBytes: 10 * 1024 ** 3,
      storageClass: "",
    }),
    labels: {
      name: "Name",
      image: "Image",
      url: "From",
      schedule: "When",
      importsToKeep: "Imports to keep",
      sizeBytes: "Size",
      storageClass: "Storage class",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Scheduled import">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="debian-nightly"
          />
          <div data-field="url">
            <TextField
              label="From"
              mono
              value={spec.url}
              onChange={(url) => change({ url: url.trim() })}
              error={errorAt("url")}
              placeholder="docker://quay.io/containerdisks/debian:13"
            />
          </div>
          <div data-field="image">
            <TextField
              label="Image"
              value={spec.image}
              onChange={(image) => change({ image: image.trim() })}
              error={errorAt("image")}
              maxLength={63}
              placeholder="debian-13"
              hint="The image of this project that follows; it is made with the first import."
            />
          </div>
          <div data-field="schedule">
            <TextField
              label="When"
              mono
              value={spec.schedule}
              onChange={(schedule) => change({ schedule })}
              error={errorAt("schedule")}
              hint="Minute, hour, day of month, month, day of week, in UTC."
            />
          </div>
        </FormSection>
        <FormSection title="Disks">
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="sizeBytes">
              <SizeField
                label="Size"
                bytes={spec.sizeBytes}
                onChange={(sizeBytes) => change({ sizeBytes: sizeBytes ?? 0 })}
                error={errorAt("sizeBytes")}
              />
            </div>
            <div data-field="importsToKeep">
              <NumberField
                label="Imports to keep"
                unit=""
                min={1}
                max={100}
                value={spec.importsToKeep ?? 3}
                onChange={(importsToKeep) => change({ importsToKeep: importsToKeep ?? 1 })}
                error={errorAt("importsToKeep")}
              />
            </div>
          </div>
          <div data-field="storageClass">
            <TextField
              label="Storage class"
              optional
              value={spec.storageClass ?? ""}
              onChange={(storageClass) => change({ storageClass: storageClass.trim() })}
              error={errorAt("storageClass")}
              placeholder="The default for machines"
            />
          </div>
        </FormSection>
      </>
    ),
  },
};
