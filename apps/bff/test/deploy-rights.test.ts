/** The console's own account may list and watch every kind that its inventory keeps. */
import { readFileSync } from "node:fs";
import { objectCatalog } from "@kubev/api-types/object-catalog";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

interface Role {
  kind?: string;
  rules?: { apiGroups?: string[]; resources?: string[]; verbs?: string[] }[];
}

const rules = parseAllDocuments(readFileSync(new URL("../../../deploy/rbac.yaml", import.meta.url), "utf8"))
  .map((document) => document.toJS() as Role)
  .filter((object) => object.kind === "ClusterRole")
  .flatMap((role) => role.rules ?? []);

test.each(Object.entries(objectCatalog))("deploy/rbac.yaml lets the console watch %s", (_noun, line) => {
  const grants = rules.filter(
    (rule) =>
      rule.apiGroups?.includes(line.group) &&
      (rule.resources?.includes(line.resource) || rule.resources?.includes("*")),
  );
  for (const verb of ["list", "watch"]) expect(grants.some((rule) => rule.verbs?.includes(verb))).toBe(true);
});
