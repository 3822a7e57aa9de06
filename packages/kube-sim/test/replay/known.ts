/**
 * What kube-sim is known to answer or to do differently, by scenario: the label of a request, or the track of an
 * object's states (`Kind name field`), with the reason. A name has a `*` where part of it is random, or who gets it is. A
 * reason begins with the id of a row of docs/sim-differences.md, and fails the test once it shows no more; or with `timing`:
 * such a difference may or may not show, in what it names. The course of phase and printableStatus of machines is never listed here:
 * PASSED names single states of it that one side may jump over.
 */
const nics =
  "secondary-interfaces: they come with a migration that begins at once; what their network would give them is not simulated";
const podMemory =
  "pod-memory-label: it goes when the memory is there, as virt-handler's source has it; the recorder's stand-in left it";
const consumer = "no-consumer-pod: no temporary pod consumes a claim before its machine's own pod does";
const imports = "no-imports-from-outside: the recorder's images are empty disks here, which need no import";
const race = "timing: which of two writers comes first";
const anyOfPool = "timing: a pool that shrinks deletes any of its machines";
const windows =
  "windows-preference: the recorder's windows.2k22 has other settings, which are not recorded whole";
const claimsSeen = "timing: whether virt-handler looks between a disk's arrival and what its claim is";
const noEnd =
  "waiting-targets-vanish: the pod of a migration that was given up while it waited goes without an end of its own";
const backAndForth = "timing: a disk that is asked for and taken back at once may show or not";
const forced = "timing: a guest that is stopped by force may end by itself first";
const restoreLooks = "timing: when a restore looks at the target that it makes or stops";

const agentAgain = "timing: whether the agent speaks again before the recording ends";
const boundAtOnce = "timing: a claim that has just been made is bound at once or a moment later";
const faster = "timing: the recorder's requests come faster than its controllers";
const ofMachine = ["Ready", "LiveMigratable", "StorageLiveMigratable", "AgentConnected", "life"];
const ofPod = [
  "phase",
  "PodScheduled",
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "kubevirt.io/virtual-machine-unpaused",
  "life",
];

/** These tracks of one object. */
const each = (object: string, fields: readonly string[], reason: string): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [`${object} ${field}`, reason]));
const readyOf = (machine: string) => ({
  [`VirtualMachine ${machine} Ready`]: race,
  [`VirtualMachineInstance ${machine} Ready`]: race,
});
const scheduledOf = (machine: string) => ({
  [`VirtualMachine ${machine} PodScheduled`]: boundAtOnce,
  [`VirtualMachineInstance ${machine} PodScheduled`]: boundAtOnce,
  [`Pod virt-launcher-${machine}-RANDOM PodScheduled`]: boundAtOnce,
});

export const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "accept-header": {
    "VirtualMachineInstance vm Paused": "timing: the recording ends before the pause shows",
  },
  "bare-vmi": {
    ...each("VirtualMachine pool-*", [...ofMachine, "printableStatus"], anyOfPool),
    ...each("VirtualMachineInstance pool-*", [...ofMachine, "phase"], anyOfPool),
    ...each("Pod virt-launcher-pool-*", ofPod, anyOfPool),
    "ControllerRevision revision-start-vm-UID-1* life": anyOfPool,
    "VirtualMachineInstance bare AgentConnected":
      "timing: the recording deletes the instance before its agent speaks",
  },
  "clone-csi": {
    "get dst": "timing: whether the new machine's controller has looked at it",
    "VolumeSnapshot vmsnapshot-UID-volume-root readyToUse": race,
  },
  clone: {
    "get dst": "timing: whether the new machine's controller has looked at it",
    ...each("VirtualMachineRestore tmp-restore-UID*", ["Progressing", "Ready"], restoreLooks),
    ...each(
      "VirtualMachineSnapshot tmp-snapshot-UID*",
      ["Progressing", "Ready", "phase", "readyToUse", "life"],
      "timing: which of two clones that begin at once has its snapshot first",
    ),
  },
  crashloop: {
    "get vm in CrashLoopBackOff": "timing: it is asked the moment the machine has failed",
    ...readyOf("vm"),
  },
  "delete-running": {
    "delete VM again": "timing: the first deletion may be over",
    "ControllerRevision revision-start-vm-UID-1* life":
      "timing: which of the revisions of four machines goes first",
  },
  "feature-gates-alone": {
    "VirtualMachineInstance vm LiveMigratable": claimsSeen,
    "VirtualMachine vm LiveMigratable": claimsSeen,
    ...each("Pod hp-volume-RANDOM*", ofPod, backAndForth),
  },
  "guest-subresources": {
    healthz: "no-emulated-versions: the recorder's API server tells of versions that it emulates",
  },
  "hotplug-cpu-mem": {
    "get vmi mem": podMemory,
    "memory not aligned": race,
    ...readyOf("cpu"),
    ...readyOf("mem"),
    ...readyOf("both"),
  },
  "hotplug-nic": {
    "add bridge interface": "timing: what is said of the change at once",
    "get vmi": nics,
    "remove: state absent": "timing: when the change before it is observed",
    "get vmi after absent": nics,
    "get vm after absent": nics,
    "link state down": "timing: when the change before it is observed",
    "VirtualMachineInstance vm MigrationRequired": nics,
    "VirtualMachine vm MigrationRequired": nics,
  },
  "hotplug-volume": {
    "get vm": "timing: when the change before it is observed",
    "VirtualMachineInstance vm LiveMigratable": claimsSeen,
    "VirtualMachine vm LiveMigratable": claimsSeen,
  },
  instancetype: {
    "expand-vm-spec": windows,
    "get vm after resize": "timing: the recording looks before the migration has been noticed to be over",
    "get vmi after resize": podMemory,
    "change to m1.large (hugepages)": "timing: when the change before it is observed",
    "get vm after m1.large": "timing: when the change before it is observed",
    "instancetype too small for preference requirements": windows,
    "VirtualMachine vm Ready": race,
  },
  "migrate-cancel": each("Pod virt-launcher-vm-RANDOM (3)", ["phase", "Ready", "ContainersReady"], noEnd),
  migrate: readyOf("vm"),
  "pause-unpause": {
    "pause again immediately": "paused-at-once: kube-sim marks the VMI paused at once",
    "VirtualMachineInstance vm AgentConnected": agentAgain,
    "VirtualMachine vm AgentConnected": agentAgain,
  },
  provisioning: {
    "get vmi vm": "timing: when CDI's mode of the claim is noted",
    "VirtualMachine wffc Provisioning": consumer,
    "VirtualMachineInstance wffc Provisioning": consumer,
    ...each(
      "Pod virt-launcher-wffc-RANDOM",
      ["Ready", "life", "kubevirt.io/virtual-machine-unpaused"],
      consumer,
    ),
    ...each("Pod virt-launcher-wffc-RANDOM (2)", ofPod.slice(0, -1), consumer),
    "VirtualMachine wffc DataVolumesReady": boundAtOnce,
    "VirtualMachineInstance wffc DataVolumesReady": boundAtOnce,
    ...scheduledOf("nopvc"),
    "ControllerRevision revision-start-vm-UID-1* life": race,
    ...each("DataVolume vm-root", ["phase", "Bound", "Running", "Ready"], imports),
    ...each("DataVolume wffc-root", ["phase", "Bound", "Running", "Ready"], imports),
    ...each("DataVolume halted-root", ["phase", "Bound", "Running", "Ready"], imports),
  },
  rbac: {
    "VirtualMachine vm Paused": faster,
    "VirtualMachineInstance vm Paused": faster,
    "Pod virt-launcher-vm-RANDOM Ready": faster,
    "Pod virt-launcher-vm-RANDOM kubevirt.io/virtual-machine-unpaused": faster,
  },
  restart: each("Pod virt-launcher-vm-RANDOM (2)", ["phase", "Ready", "ContainersReady"], forced),
  "snapshot-restore": {
    "get pvcvm": "timing: the recording looks while the machine starts",
    ...each(
      "VirtualMachineSnapshotContent vmsnapshot-content-UID*",
      ["readyToUse", "life"],
      "timing: which of two contents came first",
    ),
    ...scheduledOf("pvcvm"),
  },
  "snapshot-restore-csi": {
    "get fresh": "timing: an agent may have spoken",
    ...each("VirtualMachineRestore r2", ["Progressing", "Ready"], restoreLooks),
    ...scheduledOf("run"),
    "VolumeSnapshot vmsnapshot-UID-volume-root* readyToUse": race,
  },
};

const unbound = ["WaitingForVolumeBinding", "ErrorUnschedulable"];

/** States of a track that either side may jump over, where the rest has to be the same. */
export const PASSED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "delete-running": { "VirtualMachine orphan printableStatus": ["Terminating"] },
  // A machine that is stopped by force has failed, even if it was about to end.
  "pause-unpause": { "VirtualMachineInstance vm phase": ["Succeeded", "Failed"] },
  provisioning: {
    "VirtualMachine nopvc printableStatus": unbound,
    // Of the temporary pod that consumes its claim (no-consumer-pod).
    "VirtualMachine wffc printableStatus": ["Provisioning"],
  },
  // The recorder's requests come faster than its controllers.
  rbac: { "VirtualMachine vm printableStatus": ["Paused", "Stopped"] },
  "snapshot-restore": { "VirtualMachine pvcvm printableStatus": unbound },
  "snapshot-restore-csi": { "VirtualMachine run printableStatus": unbound },
  // Its condition shows a moment after its phase.
  unschedulable: {
    "VirtualMachine big printableStatus": ["ErrorUnschedulable"],
    "VirtualMachine sel printableStatus": ["ErrorUnschedulable"],
  },
};
