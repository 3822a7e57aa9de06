/**
 * What kube-sim is known to answer or to do differently, by scenario: the label of a request, or the track of an
 * object's states (`Kind name field`), with the reason; a name ends in `*` where several have one reason. Reasons that
 * begin with `timing:` may or may not show. Any other that shows no more fails the test.
 */
const nics =
  "interfaces come with a migration that begins at once; what their network would give them is not simulated";
const podMemory =
  "the label of the pod's memory goes when the memory is there, as virt-handler's source has it; the recorder's stand-in left it";
const consumer = "no temporary pod consumes a claim before its machine's own pod does";
const imports = "the recorder's images are empty disks here, which need no import";
const race = "timing: which of two writers comes first";
const anyOfPool = "timing: a pool that shrinks deletes any of its machines";
const windows = "the recorder's windows.2k22 has other settings, which are not recorded whole";
const claimsSeen = "timing: whether virt-handler looks between a disk's arrival and what its claim is";

const agentAgain = "timing: whether the agent speaks again before the recording ends";
const boundAtOnce = "timing: a claim that has just been made is bound at once or a moment later";
const faster = "timing: the recorder's requests come faster than its controllers";
const aMoment = "timing: a condition shows a moment after another";
const readyOf = (machine: string) => ({
  [`VirtualMachine ${machine} Ready`]: race,
  [`VirtualMachineInstance ${machine} Ready`]: race,
});

export const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "accept-header": {
    "VirtualMachineInstance vm Paused": "timing: the recording ends before the pause shows",
  },
  "bare-vmi": {
    "VirtualMachine pool-*": anyOfPool,
    "VirtualMachineInstance pool-*": anyOfPool,
    "Pod virt-launcher-pool-*": anyOfPool,
    "ControllerRevision revision-start-vm-UID-1*": anyOfPool,
    "VirtualMachineInstance bare AgentConnected":
      "timing: the recording deletes the instance before its agent speaks",
  },
  "clone-csi": {
    "get dst": "timing: whether the new machine's controller has looked at it",
    "VolumeSnapshot vmsnapshot-UID-volume-root readyToUse": race,
  },
  clone: {
    "get dst": "timing: whether the new machine's controller has looked at it",
    "VirtualMachineRestore tmp-restore-UID *":
      "timing: whether a restore looks again before it sees the machine that it has made",
    "VirtualMachineSnapshot tmp-snapshot-UID*":
      "timing: which of two clones that begin at once has its snapshot first",
  },
  crashloop: {
    "get vm in CrashLoopBackOff": "timing: it is asked the moment the machine has failed",
    "VirtualMachine vm printableStatus": race,
    "VirtualMachine vm Ready": race,
    "VirtualMachineInstance vm Ready": race,
  },
  "delete-running": {
    "delete VM again": "timing: the first deletion may be over",
    "VirtualMachine orphan printableStatus": race,
    "ControllerRevision*": "timing: which of the revisions of four machines goes first",
  },
  "feature-gates-alone": {
    "VirtualMachineInstance vm LiveMigratable": claimsSeen,
    "VirtualMachine vm LiveMigratable": claimsSeen,
    "Pod hp-volume-RANDOM*": "timing: a disk that is asked for and taken back at once may show or not",
  },
  "guest-subresources": {
    healthz: "the recorder's API server tells of versions it emulates",
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
  "migrate-cancel": {
    "Pod virt-launcher-vm-RANDOM (3)*":
      "the pod of a migration that was given up while it waited goes without an end of its own",
  },
  migrate: readyOf("vm"),
  "pause-unpause": {
    "pause again immediately": "kube-sim marks the VMI paused at once",
    "VirtualMachineInstance vm phase":
      "timing: a machine that is stopped by force has failed, even if it was about to end",
    "VirtualMachineInstance vm AgentConnected": agentAgain,
    "VirtualMachine vm AgentConnected": agentAgain,
  },
  provisioning: {
    "get vmi vm": "timing: when CDI's mode of the claim is noted",
    "VirtualMachine wffc*": consumer,
    "VirtualMachineInstance wffc*": consumer,
    "Pod virt-launcher-wffc*": consumer,
    "VirtualMachine nopvc printableStatus": boundAtOnce,
    "VirtualMachine nopvc PodScheduled": boundAtOnce,
    "VirtualMachineInstance nopvc PodScheduled": boundAtOnce,
    "Pod virt-launcher-nopvc-RANDOM PodScheduled": boundAtOnce,
    "ControllerRevision*": race,
    "DataVolume*": imports,
  },
  rbac: {
    "VirtualMachine vm printableStatus": faster,
    "VirtualMachine vm Paused": faster,
    "VirtualMachineInstance vm Paused": faster,
    "Pod virt-launcher-vm-RANDOM Ready": faster,
    "Pod virt-launcher-vm-RANDOM kubevirt.io/virtual-machine-unpaused": faster,
  },
  restart: {
    "Pod virt-launcher-vm-RANDOM (2) *": "timing: a guest that is stopped by force may end by itself first",
  },
  "snapshot-restore": {
    "get pvcvm": "timing: the recording looks while the machine starts",
    "VirtualMachineSnapshotContent*": "timing: which of two contents came first",
    "VirtualMachine pvcvm printableStatus": boundAtOnce,
    "VirtualMachine pvcvm PodScheduled": boundAtOnce,
    "VirtualMachineInstance pvcvm PodScheduled": boundAtOnce,
    "Pod virt-launcher-pvcvm-RANDOM PodScheduled": boundAtOnce,
  },
  "snapshot-restore-csi": {
    "get fresh": "timing: an agent may have spoken",
    "VirtualMachineRestore r2 *": "timing: when a restore looks at the target that it stops",
    "VirtualMachine run printableStatus": boundAtOnce,
    "VirtualMachine run PodScheduled": boundAtOnce,
    "VirtualMachineInstance run PodScheduled": boundAtOnce,
    "Pod virt-launcher-run-RANDOM PodScheduled": boundAtOnce,
    "VolumeSnapshot vmsnapshot-UID-volume-root*": race,
  },
  unschedulable: {
    "VirtualMachine big printableStatus": aMoment,
    "VirtualMachine sel printableStatus": aMoment,
  },
};
