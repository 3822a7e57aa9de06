/** What the palette offers: objects the server found, pages, actions. */
import { objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { UserPreferences } from "@kubev/api-types/preferences";
import type { Tone } from "@kubev/api-types/reason";
import type { Noun, ResourceRef } from "@kubev/api-types/resource-ref";
import type { SearchHit } from "@kubev/api-types/search";
import type { Areas } from "@kubev/api-types/session";
import { objectWords } from "../objects/object-words.ts";
import { paths } from "../paths.ts";
import { platformEntries, projectEntries } from "./navigation-entries.tsx";

const catalogued = Object.fromEntries(objectNouns.map((noun) => [noun, objectWords[noun].one])) as Record<
  ObjectNoun,
  string
>; // as: one entry per noun of the catalogue

export interface PaletteEntry {
  id: string;
  title: string;
  detail: string;
  tone?: Tone | undefined;
  run: () => void;
}

export const nounWords: Record<Noun, string> = {
  ...catalogued,
  "virtual-machine": "Virtual machine",
  image: "Image",
  disk: "Disk",
  subnet: "Subnet",
  vpc: "VPC",
  project: "Project",
  host: "Host",
  snapshot: "Machine snapshot",
  secret: "Secret",
  session: "Session",
  object: "Object",
};

export function hitEntries(
  hits: readonly SearchHit[],
  open: (ref: ResourceRef) => (() => void) | undefined,
): PaletteEntry[] {
  return hits.flatMap((hit) => {
    const run = open(hit.ref);
    if (run === undefined) return [];
    const place = nounWords[hit.ref.noun];
    return [
      {
        id: `${hit.ref.noun}/${hit.ref.project ?? ""}/${hit.ref.name}`,
        title: hit.title,
        detail: hit.detail === "" ? place : `${place} · ${hit.detail}`,
        tone: hit.tone,
        run,
      },
    ];
  });
}

interface CommandContext {
  project: string | undefined;
  areas: Areas | null;
  /** Catalogued nouns this person may list, and where. */
  nouns: readonly { noun: ObjectNoun; project: string | undefined }[];
  /** Whether he may list the project's secrets. */
  secrets: boolean;
  go: (to: string) => void;
  setTheme: (theme: UserPreferences["theme"]) => void;
}

export function commandsFor({
  project,
  areas,
  nouns,
  secrets,
  go,
  setTheme,
}: CommandContext): PaletteEntry[] {
  const commands: [title: string, detail: string, run: () => void][] = [];
  const offer = (title: string, detail: string, to: string) => commands.push([title, detail, () => go(to)]);
  if (project !== undefined) {
    offer("Create a virtual machine", project, paths.vmCreate(project));
    offer("Create a disk", project, paths.diskCreate(project));
    offer("Upload an image", project, paths.imageUpload(project));
    offer("Import an image", project, paths.imageImport(project));
    for (const { label, to } of projectEntries(project, secrets)) offer(label, project, to);
  }
  offer("All projects", "", paths.projects());
  if (areas?.createProject) offer("Create a project", "", paths.projectCreate());
  if (areas?.platform) for (const { label, to } of platformEntries(areas)) offer(label, "Platform", to);
  for (const { noun, project: where } of nouns)
    commands.push([objectWords[noun].many, where ?? "Platform", () => go(paths.objects(noun, where))]);
  commands.push(
    ["Use the dark theme", "Appearance", () => setTheme("dark")],
    ["Use the light theme", "Appearance", () => setTheme("light")],
    ["Use the system's theme", "Appearance", () => setTheme("system")],
  );
  return commands.map(([title, detail, run]) => ({ id: `${title}/${detail}`, title, detail, run }));
}

/** Entries whose words all begin somewhere in the title or detail. */
export function matchEntries(entries: readonly PaletteEntry[], q: string): PaletteEntry[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = `${entry.title} ${entry.detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
