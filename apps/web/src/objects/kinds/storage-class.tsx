/** Storage classes: list and page. */
import { AppLink } from "../../components/AppLink.tsx";
import { StorageClassMarks } from "../../components/StorageClassMarks.tsx";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Badge } from "../../ui/Status.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const cloneWords: Record<string, string> = {
  copy: "By copying the data",
  snapshot: "From a snapshot",
  "csi-clone": "By the storage itself",
};

const yesNo = (value: boolean) => (value ? "Yes" : "No");
const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([key, value]) => `${key}=${value}`);
const listed = (values: readonly string[], none: string) => (values.length === 0 ? none : values.join(", "));

export const storageClassPage: ObjectPage<"storage-class"> = {
  noun: "storage-class",
  placeholder: "Search by name or provisioner, e.g. expandable:yes",
  hints: [
    { word: "expandable:yes", detail: "Whose volumes can grow" },
    { word: "provisioner:", detail: "By driver" },
  ],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "default",
      header: "Default for",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => (
        <span className="flex flex-wrap gap-1">
          {facts.isDefaultForMachines ? <Badge>Machines</Badge> : null}
          {facts.isDefault ? <Badge>Containers</Badge> : null}
        </span>
      ),
      csv: ({ facts }) =>
        [facts.isDefaultForMachines ? "machines" : "", facts.isDefault ? "containers" : ""].join(" ").trim(),
    },
    {
      id: "modes",
      header: "Disks are",
      track: "minmax(190px,1.2fr)",
      cell: ({ facts }) => <span className="truncate">{facts.modes[0] ?? "–"}</span>,
      csv: ({ facts }) => facts.modes.join(", "),
    },
    {
      id: "can",
      header: "Can",
      track: "minmax(160px,1fr)",
      cell: ({ facts }) => <span className="truncate">{abilities(facts).join(", ") || "–"}</span>,
      csv: ({ facts }) => abilities(facts).join(", "),
    },
    {
      id: "binding",
      header: "Volume is made",
      sortKey: "binding",
      track: "minmax(110px,0.9fr)",
      cell: ({ facts }) => (facts.bindingMode === "WaitForFirstConsumer" ? "At first use" : "At once"),
      csv: ({ facts }) => facts.bindingMode,
    },
    {
      id: "provisioner",
      header: "Provisioner",
      sortKey: "provisioner",
      track: "minmax(140px,1.2fr)",
      cell: ({ facts }) => <span className="truncate text-secondary">{facts.provisioner}</span>,
      csv: ({ facts }) => facts.provisioner,
    },
  ],
  empty:
    "A storage class says which storage makes the volumes of disks. The cluster's administrators install them.",
  narrow: (facts) => [facts.modes[0] ?? "", abilities(facts).join(", ")],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Storage class">
        <Facts
          facts={[
            {
              name: "Provisioner",
              value: (
                <AppLink to={paths.object({ ref: { noun: "csi-driver" }, name: row.facts.provisioner })}>
                  {row.facts.provisioner}
                </AppLink>
              ),
            },
            {
              name: "Volume is made",
              value:
                row.facts.bindingMode === "WaitForFirstConsumer"
                  ? "When a machine first uses the disk"
                  : "At once",
            },
            { name: "When the disk is deleted", value: reclaimWords(row.facts.reclaimPolicy) },
            {
              name: "Disks",
              value:
                detail.disks === null
                  ? "Not visible to you"
                  : `${formatCount(detail.disks.count)} with ${formatBytes(detail.disks.bytes)}`,
            },
          ]}
        />
      </Section>
      <Section title="What disks on it can do">
        <Facts
          facts={[
            { name: "Modes", value: listed(row.facts.modes, "Not known: no storage profile") },
            {
              name: "Live migration",
              value: row.facts.modes.some((mode) => mode.startsWith("ReadWriteMany"))
                ? "Yes: several hosts can use one disk"
                : "No: only one host at a time can use a disk",
            },
            { name: "Grow", value: yesNo(row.facts.expandable) },
            { name: "Snapshots", value: listed(detail.snapshotClasses, "No snapshot class fits its driver") },
            { name: "Copies", value: cloneWords[row.facts.cloneStrategy] ?? "Not known" },
          ]}
        />
      </Section>
      <StorageClassMarks row={row} />
      <Section title="Settings">
        <Facts
          facts={[
            { name: "Parameters", value: listed(pairs(detail.parameters), "None") },
            { name: "Mount options", value: listed(detail.mountOptions, "None") },
            { name: "Only where", value: listed(detail.topologies, "Everywhere") },
          ]}
        />
      </Section>
    </>
  ),
  deletion: () =>
    "Disks that are on it stay as they are, but cannot grow, and no more can be made on it. Machines that name it can no longer be created.",
};

function reclaimWords(policy: string): string {
  return policy === "Retain" ? "Its volume is kept" : "Its volume is deleted";
}

function abilities(facts: { modes: string[]; expandable: boolean; snapshots: boolean }): string[] {
  return [
    ...(facts.modes.some((mode) => mode.startsWith("ReadWriteMany")) ? ["shared"] : []),
    ...(facts.expandable ? ["grow"] : []),
    ...(facts.snapshots ? ["snapshot"] : []),
  ];
}
