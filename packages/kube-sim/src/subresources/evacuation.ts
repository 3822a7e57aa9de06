/** evacuate/cancel: takes back that a machine was asked to leave its host. Source: KubeVirt's pkg/virt-api/rest/evacuate_cancel.go. */
import { badRequest, internalError } from "../store/status-error.ts";
import { type Action, type ActionContext, DONE, isDryRun, VIRT_API } from "./action.ts";
import { findVmi, findVmiOfVm, VMIS, vmiStatus } from "./virt-objects.ts";

const drainTaint = "kubevirt.io/drain";

/** A host that is drained the old way would send its machines away again. */
function refuseDrained({ store }: ActionContext, name: string): void {
  const node = store.get({ group: "", resource: "nodes", name });
  if (node === undefined) throw internalError(`nodes "${name}" not found`);
  const { taints = [] } = (node["spec"] ?? {}) as { taints?: { key: string; effect: string }[] }; // a Node's
  if (taints.some(({ key, effect }) => key === drainTaint && effect === "NoSchedule"))
    throw badRequest(`Node "${name}" has NodeDrainTaintKey "${drainTaint}:NoSchedule"`);
}

export const cancelEvacuation: Action = (context, call) => {
  const { namespace, name, body } = call;
  const { evacuationNodeName, nodeName } = vmiStatus(findVmi(context.store, namespace, name)) as {
    evacuationNodeName?: string;
    nodeName?: string;
  }; // written by controllers
  refuseDrained(context, evacuationNodeName ?? nodeName ?? "");
  if (evacuationNodeName === undefined || evacuationNodeName === "") return DONE;
  const asked = body["evacuationNodeName"];
  if ((typeof asked === "string" ? asked : "") !== evacuationNodeName)
    throw internalError(
      "the server rejected our request due to an error in our request: testing value /status/evacuationNodeName failed",
    );
  if (isDryRun(call)) return DONE;
  context.store.modify({ ...VMIS, namespace, name }, VIRT_API, (current) => {
    const { evacuationNodeName: _left, ...status } = vmiStatus(current);
    return { ...current, status };
  });
  return DONE;
};

export const cancelEvacuationOfVm: Action = (context, call) => {
  findVmiOfVm(context.store, call.namespace, call.name);
  return cancelEvacuation(context, call);
};
