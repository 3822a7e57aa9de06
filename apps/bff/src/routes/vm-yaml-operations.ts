/** A machine as text. */
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";

const pathOf = ({ project, name }: { project: string; name: string }) =>
  objectPath(types.virtualMachine, name, project);

export const vmYamlOperations = {
  getVmYaml: {
    access: "session",
    handle: async ({ caller, params }) => readText(caller.client, pathOf(params)),
  },
  checkVmYaml: {
    access: "session",
    handle: async ({ caller, params, body }) => checkText(caller.client, pathOf(params), body),
  },
  putVmYaml: {
    access: "session",
    audit: ({ params }) => ({ action: "edit", noun: "virtual-machine", ...params, diff: [] }),
    handle: async ({ caller, params, body, audit }) => storeText(caller.client, pathOf(params), body, audit),
  },
} satisfies Partial<Operations>;
