/**
 * `docs/nouns.md`: what can be done with each noun and which test shows it. Catalogued nouns come from the catalogue, whose tests
 * are generated; the others are listed here, and every test named here must exist (nouns.test.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endpointPaths, type OperationName } from "../packages/api-types/src/endpoint-paths.ts";
import { objectCatalog, objectNouns } from "../packages/api-types/src/object-catalog.ts";
import { root } from "./paths.ts";

export const deeds = ["list", "detail", "create", "edit", "delete", "live", "YAML", "audit"] as const;
type Deed = (typeof deeds)[number];

/** A test of apps/bff/test by file and title, or why the cell cannot be (`none`) or is not yet (`missing`). */
type Cell =
  | { test: [file: string, title: string]; by?: OperationName }
  | { none: string }
  | { missing: string };

export interface NounLine {
  noun: string;
  cells: Record<Deed, Cell>;
  /** A journey of e2e/tests by file and title; null while there is none. */
  journey: [file: string, title: string] | null;
}

const bff = (file: string, title: string, by?: OperationName): Cell => ({
  test: [`apps/bff/test/${file}.test.ts`, title],
  ...(by === undefined ? {} : { by }),
});

export const joinedNouns: readonly NounLine[] = [
  {
    noun: "virtual machine",
    journey: ["e2e/tests/journey.spec.ts", "a person makes a first virtual machine and uses it to the end"],
    cells: {
      list: bff("live", "a window follows what happens, equal to what HTTP answers", "listVms"),
      detail: bff("journey", "the machine is made and runs", "getVm"),
      create: bff("journey", "the machine is made and runs", "createVm"),
      edit: bff("vm-settings", "each change says what it takes", "putVmSettings"),
      delete: bff("journey", "deleting keeps the disks that were not chosen", "deleteVm"),
      live: bff("live", "a machine's feed tells of change and of its end"),
      YAML: bff(
        "journey",
        "a concurrent edit is refused, an edit of the current version is stored",
        "putVmYaml",
      ),
      audit: bff("journey", "the trail tells all of it, and no secret stands anywhere", "listActivity"),
    },
  },
  {
    noun: "machine snapshot",
    journey: [
      "e2e/tests/machine-life.spec.ts",
      "a snapshot is taken, and a machine of its own is made of it",
    ],
    cells: {
      list: bff("vm-snapshots", "one is taken of a running machine, and says what it has", "listVmSnapshots"),
      detail: { none: "its row on the machine's page says all that the cluster knows of it" },
      create: bff(
        "vm-snapshots",
        "one is taken of a running machine, and says what it has",
        "takeVmSnapshot",
      ),
      edit: { none: "KubeVirt refuses any change of a VirtualMachineSnapshot's spec" },
      delete: bff(
        "vm-snapshots",
        "going back needs the machine stopped, or asks for it; the trail has it all",
        "deleteVmSnapshot",
      ),
      live: bff(
        "vm-snapshots",
        "whoever has the machine open is told of its snapshots and copies until they are done; its text is read",
      ),
      YAML: bff(
        "vm-snapshots",
        "whoever has the machine open is told of its snapshots and copies until they are done; its text is read",
        "getVmSnapshotYaml",
      ),
      audit: bff(
        "vm-snapshots",
        "going back needs the machine stopped, or asks for it; the trail has it all",
      ),
    },
  },
  {
    noun: "image",
    journey: ["e2e/tests/journey.spec.ts", "a person makes a first virtual machine and uses it to the end"],
    cells: {
      list: bff("journey", "alice sees her projects only", "listImages"),
      detail: bff(
        "images",
        "its page says what it is, what holds it, and what was made of it, to each what he may see",
        "getImage",
      ),
      create: bff("journey", "an image is declared, uploaded and ready", "createImage"),
      edit: bff(
        "images",
        "an image is made of a disk, edited, and its defaults taken away again",
        "editImage",
      ),
      delete: bff("deletions", "its own disk goes along", "deleteImage"),
      live: bff("isolation-live", "live topics"),
      YAML: bff(
        "images",
        "its text is read, checked and stored; a stale version is refused with what is stored now",
        "putImageYaml",
      ),
      audit: bff("journey", "the trail tells all of it, and no secret stands anywhere"),
    },
  },
  {
    noun: "disk",
    journey: ["e2e/tests/disks.spec.ts", "a disk is made, grown, snapshotted, restored and deleted"],
    cells: {
      list: bff("disks", "unused disks are found by that word, and go with all that is theirs", "listDisks"),
      detail: bff("disks", "tells who uses it, its snapshots, and what would go with it", "getDisk"),
      create: bff("disks", "blank, then a copy of it, and what it counts against", "createDisk"),
      edit: bff(
        "disks",
        "grows, never shrinks, not over the quota, not on a class that cannot",
        "resizeDisk",
      ),
      delete: bff(
        "disks",
        "unused disks are found by that word, and go with all that is theirs",
        "deleteDisk",
      ),
      live: bff("isolation-live", "live topics"),
      YAML: bff("isolation", "a rightless caller learns nothing", "putDiskYaml"),
      audit: bff("disks", "unused disks are found by that word, and go with all that is theirs"),
    },
  },
  {
    noun: "host",
    journey: ["e2e/tests/hosts.spec.ts", "an operator looks after hosts"],
    cells: {
      list: bff("hosts", "why a host runs no machines", "listHosts"),
      detail: bff("hosts", "a host says what it is, what it offers and what runs on it", "getHost"),
      create: { none: "a host joins the cluster by its kubelet, not by its API" },
      edit: bff(
        "hosts",
        "a host is closed and opened again, audited, and says which of the two it takes",
        "setHostCordon",
      ),
      delete: bff(
        "hosts",
        "a host that is gone is removed once it is cordoned and nothing runs there; one that answers is not",
        "deleteHost",
      ),
      live: bff("isolation-live", "live topics"),
      YAML: bff(
        "hosts",
        "a host's text is read and stored over the version that was read, and its events are told",
        "putHostYaml",
      ),
      audit: bff("hosts", "a host is closed and opened again, audited, and says which of the two it takes"),
    },
  },
  {
    noun: "project",
    journey: ["e2e/tests/projects.spec.ts", "a project is made, found and deleted"],
    cells: {
      list: bff("journey", "alice sees her projects only", "listProjects"),
      detail: bff("namespace-reader", "nothing is counted", "getProject"),
      create: bff(
        "system-projects",
        "a name like the platform's is no hindrance for a project made here",
        "createProject",
      ),
      edit: bff(
        "projects",
        "its words change over what the person saw; a field of two is a conflict, a tenant is refused",
        "editProject",
      ),
      delete: bff("projects", "it is deleted with all that is in it", "deleteProject"),
      live: bff("isolation-live", "live topics"),
      YAML: bff(
        "projects",
        "its text is read by whoever may read it, and stored by whoever may change it",
        "putProjectYaml",
      ),
      audit: bff("namespace-reader", "the operator sees the same rows, with where they came from"),
    },
  },
];

const catalogued: Record<Deed, Cell> = {
  list: bff("objects", "its row and its page have the noun's own shape", "listObjects"),
  detail: bff("objects", "its row and its page have the noun's own shape", "getObject"),
  create: bff(
    "objects",
    "its form is previewed, made, changed and found in the trail; or it has none",
    "createObject",
  ),
  edit: bff(
    "objects",
    "its form is previewed, made, changed and found in the trail; or it has none",
    "changeObject",
  ),
  delete: bff("objects", "it is deleted, and leaves the list", "deleteObject"),
  live: bff("objects", "its list is live: a new one comes, a deleted one leaves"),
  YAML: bff(
    "objects",
    "its text is read, checked and stored; a stale version is refused with what is stored now",
    "putObjectYaml",
  ),
  audit: bff(
    "objects",
    "its form is previewed, made, changed and found in the trail; or it has none",
    "listActivity",
  ),
};

export const nounLines: readonly NounLine[] = [
  ...joinedNouns,
  ...objectNouns.map(
    (noun): NounLine => ({
      noun: noun.replaceAll("-", " "),
      journey: ["e2e/tests/objects.spec.ts", "every catalogued noun has its journey, part"],
      cells: catalogued,
    }),
  ),
];

/** The tests and operations that are named and do not exist. */
export function dangling(lines: readonly NounLine[]): string[] {
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  return lines.flatMap(({ noun, cells, journey }) => {
    const tests = Object.values(cells).flatMap((cell) => ("test" in cell ? [cell.test] : []));
    const lost = [...tests, ...(journey === null ? [] : [journey])]
      .filter(([file, title]) => !read(file).includes(title))
      .map(([file, title]) => `${noun}: ${file} has no test "${title}"`);
    const unknown = Object.values(cells).flatMap((cell) =>
      "test" in cell && cell.by !== undefined && !Object.hasOwn(endpointPaths, cell.by)
        ? [`${noun}: there is no operation ${cell.by}`]
        : [],
    );
    return [...lost, ...unknown];
  });
}

const fileName = (file: string) => file.replace(/^.*\//, "").replace(/\.(test|spec)\.ts$/, "");

function cellText(cell: Cell): string {
  if ("none" in cell) return `cannot be: ${cell.none}`;
  if ("missing" in cell) return `**not yet**: ${cell.missing}`;
  return `${fileName(cell.test[0])}: ${cell.test[1]}`;
}

export function nounsPage(): string {
  const head = ["noun", ...deeds, "journey in Chromium"];
  const rows = joinedNouns.map(({ noun, cells, journey }) => [
    noun,
    ...deeds.map((deed) => cellText(cells[deed])),
    journey === null ? "**not yet**" : `${fileName(journey[0])}: ${journey[1]}`,
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# Nouns",
    "",
    "Made by `node tools/nouns.ts` from the catalogue and the table in that file; a test keeps it true. Each cell names the test that",
    "shows it, as file of `apps/bff/test` and title, or says why it cannot be, or that it is not there yet. That anonymous, foreign and",
    "rightless callers get nothing of any operation and any live topic is generated from the route table (`isolation.test.ts`, `hidden-and-absent.test.ts`, `isolation-live.test.ts`).",
    "",
    "## Nouns of several kinds",
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
    "## Catalogued nouns",
    "",
    "One Kubernetes kind each. The same generated tests run for every one of them:",
    "",
    ...deeds.map((deed) => `- ${deed}: ${cellText(catalogued[deed])}`),
    "- journey in Chromium: objects: every catalogued noun has its journey",
    "",
    line(["noun", "kind", "API", "lies in"]),
    line(["---", "---", "---", "---"]),
    ...objectNouns.map((noun) => {
      const { kind, group, version, namespaced } = objectCatalog[noun];
      const api = group === "" ? version : `${group}/${version}`;
      return line([noun.replaceAll("-", " "), kind, api, namespaced ? "a project" : "the cluster"]);
    }),
    "",
  ].join("\n");
}

if (import.meta.main) writeFileSync(join(root, "docs/nouns.md"), nounsPage());
