/** How much there is of everything whose lists are measured. */
import { scaleAddresses, scaleDisks } from "@kubev/kube-sim/scenarios/scale-lists";

export const machineScale = { vms: 10_000, running: 8_000, projects: 50, hosts: 500 };

/** 20,000 disks and 40,000 addresses, beside the machines. */
export const listObjects = () => [...scaleDisks(machineScale), ...scaleAddresses(40_000, machineScale)];
