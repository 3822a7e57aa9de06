/**
 * What kube-sim is known to answer or to do differently, by scenario: the label of a request, or the track of an
 * object's states (`Kind name field`), with the reason; a name ends in `*` where several have one reason. Reasons that
 * begin with `timing:` may or may not show. Any other that shows no more fails the test.
 */
const nics =
  "interfaces come with a migration that begins at once; what their network would give them is not simulated";
const consumer = "no temporary pod consumes a claim before its machine's own pod does";
const imports = "the recorder's images are empty disks here, which need no import";
const race = "timing: which of two writers comes first";
const anyOfPool = "timing: a pool that shrinks deletes any of its machines";
const windows = "the recorder's windows.2k22 has other settings, which are not recorded whole";
const claimsSeen = "timing: whether virt-handler looks between a disk's arrival and what its claim is";

export const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "accept-header": {
    "VirtualMachineInstance vm Paused": "timing: the recording ends before the pause shows",
  },
  "accepted-but-broken": {
    "result VM: dedicatedCpuPlacement without cpu":
      "the CPUs that dedicated placement takes are not compared with the template",
    "VirtualMachine b14 RestartRequired":
      "the CPUs that dedicated placement takes are not compared with the template",
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
    "VolumeSnapshot*": race,
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
    "VirtualMachine vm*": race,
    "VirtualMachineInstance vm*": race,
  },
  "delete-pod": {
    "bare VMI afterwards": "the launcher's image stays in the status of an instance that has ended",
  },
  "delete-running": {
    "delete VM again": "timing: the first deletion may be over",
    "VirtualMachine orphan*": race,
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
    "get vmi cpu": "the overhead of a launcher does not grow with what may be plugged",
    "get vmi mem": "the label of the pod's memory is not written",
    "memory not aligned": race,
    "VirtualMachine*": race,
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
    "get vmi after resize": "the label of the pod's memory is not written",
    "change to m1.large (hugepages)": "timing: when the change before it is observed",
    "get vm after m1.large": "timing: when the change before it is observed",
    "instancetype too small for preference requirements": windows,
    "VirtualMachine vm Ready": race,
  },
  "migrate-cancel": {
    "Pod virt-launcher-vm-RANDOM (3)*":
      "the pod of a migration that was given up while it waited goes without an end of its own",
  },
  migrate: {
    "unpause while migrating": "a pause takes effect during a migration",
    "VirtualMachineInstance vm Paused": "a pause takes effect during a migration",
    "VirtualMachine vm*": race,
    "VirtualMachineInstance vm Ready": race,
  },
  "pause-unpause": {
    "pause again immediately": "kube-sim marks the VMI paused at once",
    "VirtualMachineInstance vm phase":
      "timing: a machine that is stopped by force has failed, even if it was about to end",
    "VirtualMachineInstance vm*": race,
    "VirtualMachine vm*": race,
  },
  provisioning: {
    "get vmi vm": "timing: when CDI's mode of the claim is noted",
    "VirtualMachine wffc*": consumer,
    "VirtualMachineInstance wffc*": consumer,
    "Pod virt-launcher-wffc*": consumer,
    "VirtualMachine nopvc printableStatus":
      "timing: a claim that has just been made is bound at once or a moment later",
    "VirtualMachineInstance nopvc*":
      "timing: a claim that has just been made is bound at once or a moment later",
    "VirtualMachine nopvc*": "timing: a claim that has just been made is bound at once or a moment later",
    "Pod virt-launcher-nopvc*": "timing: a claim that has just been made is bound at once or a moment later",
    "ControllerRevision*": race,
    "DataVolume*": imports,
  },
  rbac: {
    "VirtualMachine*": "timing: the recorder's requests come faster than its controllers",
    "Pod*": "timing: the recorder's requests come faster than its controllers",
  },
  restart: { "Pod*": "timing: a guest that is stopped by force may end by itself first" },
  "snapshot-restore": {
    "get pvcvm": "timing: the recording looks while the machine starts",
    "VirtualMachineSnapshotContent*": "timing: which of two contents came first",
    "VirtualMachineInstance*": race,
    "VirtualMachine *": race,
    "Pod*": race,
    "ControllerRevision*": race,
  },
  "snapshot-restore-csi": {
    "get fresh": "timing: an agent may have spoken",
    "VirtualMachineRestore r2 *": "timing: when a restore looks at the target that it stops",
    "VirtualMachineInstance*": race,
    "VirtualMachine *": race,
    "VolumeSnapshot*": race,
    "Pod*": race,
    "ControllerRevision*": race,
  },
  unschedulable: {
    "VirtualMachine*": "timing: a condition shows a moment after another",
  },
};
