/** The palette leads to every page that the navigation leads to, and to what only makes something. */
import { expect, test } from "vitest";
import { platformEntries, projectEntries } from "./navigation-entries.tsx";
import { commandsFor } from "./palette-entries.ts";

const areas = {
  platform: true,
  hosts: true,
  networks: true,
  createNetworks: true,
  activity: true,
  createProject: true,
};

function ways(of: typeof areas | null, project: string | undefined): string[] {
  const gone: string[] = [];
  const go = (to: string) => gone.push(to);
  const commands = commandsFor({ project, areas: of, nouns: [], secrets: true, go, setTheme: () => {} });
  for (const { run } of commands) run();
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  return gone;
}

test("every page of the navigation is a command, once", () => {
  const gone = ways(areas, "web-shop");
  const pages = [...projectEntries("web-shop", true), ...platformEntries(areas)].map(({ to }) => to);
  expect(gone).toEqual(expect.arrayContaining(pages));
  expect(gone).toEqual(
    expect.arrayContaining([
      "/platform/capacity",
      "/platform/host-map",
      "/platform/status",
      "/projects/web-shop/create-disk",
      "/create-project",
    ]),
  );
});

test("who may not see the platform is not led there", () => {
  expect(ways({ ...areas, platform: false, createProject: false }, "web-shop").join()).not.toMatch(
    /platform|create-project/,
  );
  expect(ways(null, undefined)).toEqual(["/projects"]);
});
