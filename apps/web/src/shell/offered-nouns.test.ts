/** Nouns in the navigation and the palette: each is offered where it lies, and once. */
import { objectNouns } from "@kubev/api-types/object-catalog";
import { expect, test } from "vitest";
import { offeredNouns } from "./offered-nouns.ts";
import { commandsFor } from "./palette-entries.ts";

const all = { nouns: [...objectNouns], secrets: true };

test.each([undefined, "web-shop"])("the palette of the project %s leads to each place once", (project) => {
  const offered = offeredNouns(project === undefined ? undefined : all, all);
  const ids = commandsFor({
    project,
    areas: null,
    nouns: [
      ...offered.project.map((noun) => ({ noun, project })),
      ...offered.platform.map((noun) => ({ noun, project: undefined })),
    ],
    secrets: offered.secrets,
    go: () => {},
    setTheme: () => {},
  }).map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toContain("Subnets/Platform");
});

test("without a project nothing is offered of one, though all may be listed", () => {
  expect(offeredNouns(undefined, all)).toMatchObject({ project: [], secrets: false });
});
