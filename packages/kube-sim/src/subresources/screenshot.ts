/** vnc/screenshot: the guest's screen as PNG. */
import type { Action } from "./action.ts";
import { findVmi, vmiConflict, vmiSpec, vmiStatus } from "./virt-objects.ts";

export const screenshot: Action = async (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmiSpec(vmi).domain?.devices?.autoattachGraphicsDevice === false) {
    throw new Error("No graphics devices are present.");
  }
  if (vmiStatus(vmi).phase !== "Running") throw vmiConflict(call.name, "VMI is not running");
  const machine = context.machines.get(vmi.metadata.uid);
  if (machine === undefined) {
    throw new Error(`kube-sim runs no machine behind VMI ${call.namespace}/${call.name}`);
  }
  return { code: 200, kind: "bytes", bytes: await machine.screenshot(), contentType: "image/png" };
};
