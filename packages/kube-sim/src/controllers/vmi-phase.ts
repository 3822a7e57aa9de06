/** Moves a VMI from one phase to the next and keeps the record of when. */
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

export function withPhase(vmi: VirtualMachineInstance, phase: string, now: string): VirtualMachineInstance {
  if (vmi.status?.phase === phase) return vmi;
  const transitions = vmi.status?.phaseTransitionTimestamps ?? [];
  return {
    ...vmi,
    status: {
      ...vmi.status,
      phase,
      phaseTransitionTimestamps: [...transitions, { phase, phaseTransitionTimestamp: now }],
    },
  };
}
