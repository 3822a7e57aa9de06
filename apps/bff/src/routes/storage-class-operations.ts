/** Which storage class is the default, for machines' disks and for all others. */
import { clusterAnnotations } from "../domain/cluster-labels.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { recordKey } from "../inventory/feed-table.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { inSteps } from "./in-steps.ts";
import type { Operations } from "./operation.ts";

export function storageClassOperations({ nouns }: Services) {
  const { list } = nouns.catalogue["storage-class"];
  return {
    markStorageClass: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "mark-default",
        noun: "storage-class",
        name: params.name,
        diff: [{ path: "/default", new: body }],
      }),
      handle: async ({ caller, params: { name }, body }) => {
        const entry = await visibleEntry(list, caller.rights, recordKey("", name));
        if (entry === undefined) throw notFound();
        const { edit } = (await list.rowMaker(caller.rights, [entry]))(entry).actions;
        if (!edit.allowed)
          throw new ApiProblem(edit.reason.code === "no-permission" ? "forbidden" : "conflict", {
            reason: edit.reason,
          });
        const mark = async (storageClass: string, annotations: Record<string, string | null>) =>
          caller.client.json(objectPath(types.storageClass, storageClass), {
            method: "PATCH",
            contentType: "application/merge-patch+json",
            body: { metadata: { annotations } },
          });
        await inSteps(async (step) => {
          await step(
            mark(name, {
              [clusterAnnotations.defaultClass]: body.containers ? "true" : null,
              [clusterAnnotations.defaultClassForMachines]: body.machines ? "true" : null,
            }),
          );
          // the new mark stands before an old one goes, so that there is a default at every moment
          for (const { record } of list.index.values()) {
            if (record.name === name) continue;
            const gone: Record<string, null> = {};
            if (body.containers && record.facts["isDefault"] === true)
              gone[clusterAnnotations.defaultClass] = null;
            if (body.machines && record.facts["isDefaultForMachines"] === true)
              gone[clusterAnnotations.defaultClassForMachines] = null;
            if (Object.keys(gone).length > 0) await step(mark(record.name, gone));
          }
        });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
