/** What makes copies of a machine: asks the server, says that it began, and looks again. */
import type { BodyOf } from "@kubev/api-types/endpoints";
import { call } from "../api/client.ts";
import type { VmTarget } from "./use-vm-actions.ts";
import { useDeed } from "./use-deed.ts";

function useCopy<Input>(run: (input: Input) => Promise<string>, onDone: () => void) {
  return useDeed({ run, done: (said) => said, shownBy: ["listVmSnapshots", "getVm"], onDone });
}

const paramsOf = ({ project, name }: VmTarget) => ({ project, name });

export function useTakeSnapshot(vm: VmTarget, onDone: () => void) {
  return useCopy(async (name: string) => {
    await call("takeVmSnapshot", { params: paramsOf(vm), body: { name } });
    return `The snapshot ${name} is being taken.`;
  }, onDone);
}

export function useRestore(vm: VmTarget, snapshot: string, onDone: () => void) {
  return useCopy(async (body: BodyOf<"restoreVmSnapshot">) => {
    const { target } = await call("restoreVmSnapshot", { params: { ...paramsOf(vm), snapshot }, body });
    return body.target === undefined
      ? `${vm.name} goes back to ${snapshot}.`
      : `${target} is being made from ${snapshot}.`;
  }, onDone);
}

export function useClone(vm: VmTarget, onDone: () => void) {
  return useCopy(async (body: BodyOf<"cloneVm">) => {
    await call("cloneVm", { params: paramsOf(vm), body });
    return `${body.name} is being cloned from ${vm.name}.`;
  }, onDone);
}
