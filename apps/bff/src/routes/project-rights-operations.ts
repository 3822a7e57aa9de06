/** What the caller may do in a project, deed by deed, by the cluster's own answers. */
import type { ProjectDeed } from "@kubev/api-types/project-deeds";
import { allowed, denied } from "../domain/reasons.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";
import { requireProject } from "./require-project.ts";

const right = (verb: string, group: string, resource: string, subresource = ""): NeededRight => ({
  verb,
  group,
  resource,
  subresource,
});
const actions = "subresources.kubevirt.io";

/** The right that each deed asks for first; a deed may need more, and then the cluster's refusal says which. */
const rightsOfDeeds: Readonly<Record<ProjectDeed, NeededRight>> = {
  "see-machines": right("list", "kubevirt.io", "virtualmachines"),
  "create-machine": right("create", "kubevirt.io", "virtualmachines"),
  "change-machine": right("update", "kubevirt.io", "virtualmachines"),
  "power-machine": right("update", actions, "virtualmachines", "restart"),
  "open-screen": right("get", actions, "virtualmachineinstances", "vnc"),
  "open-serial": right("get", actions, "virtualmachineinstances", "console"),
  "migrate-machine": right("create", "kubevirt.io", "virtualmachineinstancemigrations"),
  "snapshot-machine": right("create", "snapshot.kubevirt.io", "virtualmachinesnapshots"),
  "restore-machine": right("create", "snapshot.kubevirt.io", "virtualmachinerestores"),
  "delete-machine": right("delete", "kubevirt.io", "virtualmachines"),
  "create-disk": right("create", "cdi.kubevirt.io", "datavolumes"),
  "upload-image": right("create", "upload.cdi.kubevirt.io", "uploadtokenrequests"),
  "snapshot-disk": right("create", "snapshot.storage.k8s.io", "volumesnapshots"),
  "publish-service": right("create", "", "services"),
  "write-network-policy": right("create", "networking.k8s.io", "networkpolicies"),
  "run-workload": right("create", "apps", "deployments"),
  "read-logs": right("get", "", "pods", "log"),
  "read-secrets": right("get", "", "secrets"),
  "write-secrets": right("create", "", "secrets"),
  "see-members": right("list", "rbac.authorization.k8s.io", "rolebindings"),
  "add-members": right("create", "rbac.authorization.k8s.io", "rolebindings"),
  "change-quota": right("update", "", "resourcequotas"),
  "edit-project": right("patch", "", "namespaces"),
  "delete-project": right("delete", "", "namespaces"),
};

export function projectRightsOperations(services: Services) {
  return {
    getProjectDeeds: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(services, caller, project);
        const table = await caller.rights.table(rightsOfDeeds, [project]);
        const may = table.get(project);
        const deeds = Object.keys(rightsOfDeeds) as ProjectDeed[]; // keys of the table above
        return {
          deeds: deeds.map((deed) => {
            const { verb, group, resource, subresource } = rightsOfDeeds[deed];
            const named = subresource === "" ? resource : `${resource}/${subresource}`;
            return {
              deed,
              decision:
                may?.[deed] === true ? allowed : denied("no-permission", { verb, resource: named, project }),
              verb,
              resource: group === "" ? named : `${named}.${group}`,
            };
          }),
        };
      },
    },
  } satisfies Partial<Operations>;
}
