/** Wires every controller to the changes that concern it, and starts them on what is already stored. */
import { hasFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectChange } from "../store/object-store.ts";
import type { ControllerContext, RunningControllers } from "./controller.ts";
import { DataVolumeController } from "./data-volume-controller.ts";
import { evacuatedNodes } from "./evacuation.ts";
import { EventRecorder } from "./events.ts";
import { namespacedKey, openIndexes } from "./indexes.ts";
import type { Migration, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { startExports } from "./start-exports.ts";
import { startNetworkExtras } from "./start-network-extras.ts";
import { startMachineExtras } from "./start-machine-extras.ts";
import { startWorkloads } from "./start-workloads.ts";
import { Kubelet } from "./kubelet.ts";
import type { Pod } from "./core-shapes.ts";
import {
  claimKind,
  dataVolumeKind,
  type Kind,
  migrationKind,
  nodeKind,
  podKind,
  quotaKind,
  storageClassKind,
  vmiKind,
  vmKind,
  volumeAttachmentKind,
  volumeKind,
} from "./kinds.ts";
import { hostReconciler } from "./node-lifecycle.ts";
import { startNodeHeartbeats } from "./node-heartbeat.ts";
import { MigrationController } from "./migration-controller.ts";
import { isMigrationOver } from "./migration-end.ts";
import { reconcileQuota } from "./quota-controller.ts";
import { Reconciler } from "./reconciler.ts";
import { Scheduler } from "./scheduler.ts";
import { startDataSources } from "./start-data-sources.ts";
import { startSubnets } from "./start-subnets.ts";
import { startVolumeSnapshots } from "./start-volume-snapshots.ts";
import { startingKinds } from "./starting-kinds.ts";
import { StillGuests } from "./still-guests.ts";
import { startStorageReports } from "./storage-reports.ts";
import type { VolumeAttachment } from "./storage-shapes.ts";
import { Turns } from "./turns.ts";
import { TypedStore } from "./typed-store.ts";
import { VirtHandler } from "./virt-handler.ts";
import { isFinal } from "./vm-status.ts";
import { VmController } from "./vm-controller.ts";
import { VmiController } from "./vmi-controller.ts";
import { VolumeController } from "./volume-controller.ts";

export interface ControllerOptions extends ControllerContext {
  /** Where cloud-init seeds are written. */
  seedDir: string;
}

/** Sums over many objects (quotas, subnets) are renewed this long after the first change. */
const sumWithinMs = 50;

const resource = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

export function startControllers(context: ControllerOptions): RunningControllers {
  const { store, clock, log } = context;
  const storeOf = (manager: string) => new TypedStore(store, manager);
  const reader = storeOf("kube-sim");
  // First of all listeners, so that whoever is woken by a change finds it in the indexes.
  const indexes = openIndexes(store);
  const turns = new Turns();
  const reconcilers: Reconciler[] = [];
  const reconciler = (name: string, run: ConstructorParameters<typeof Reconciler>[4]) => {
    const paceMs = name.startsWith("virt-controller") ? (context.virtControllerPaceMs ?? 0) : 0;
    const made = new Reconciler(name, clock, turns, log, run, paceMs);
    reconcilers.push(made);
    return made;
  };
  const eventsOf = (component: string) =>
    new EventRecorder(storeOf(component), clock, component, indexes.eventsByObject);

  const vmController = new VmController(
    context,
    storeOf("virt-controller"),
    eventsOf("virt-controller"),
    indexes,
    (vm, delayMs) => vms.enqueueObject(vm, delayMs),
  );
  const vms = reconciler("virt-controller/vm", (namespace, name) => vmController.reconcile(namespace, name));
  const vmiController = new VmiController(
    context,
    storeOf("virt-controller"),
    eventsOf("virt-controller"),
    indexes,
  );
  const vmis = reconciler("virt-controller/vmi", (namespace, name) =>
    vmiController.reconcile(namespace, name),
  );
  const virtHandler = new VirtHandler(
    context,
    storeOf("virt-handler"),
    eventsOf("virt-handler"),
    indexes,
    context.seedDir,
  );
  const guests = reconciler("virt-handler", (namespace, name) => virtHandler.reconcile(namespace, name));
  const scheduler = new Scheduler(
    context,
    storeOf("kube-scheduler"),
    eventsOf("default-scheduler"),
    indexes,
    (pod, delayMs) => scheduling.enqueueObject(pod, delayMs),
  );
  const scheduling = reconciler("kube-scheduler", (namespace, name) => scheduler.reconcile(namespace, name));
  const kubelet = new Kubelet(context, storeOf("kubelet"), eventsOf("kubelet"), (pod, delayMs) =>
    pods.enqueueObject(pod, delayMs),
  );
  const pods = reconciler("kubelet", (namespace, name) => kubelet.reconcile(namespace, name));
  const volumeController = new VolumeController(
    context,
    storeOf("csi-provisioner"),
    eventsOf("csi-provisioner"),
    indexes,
    (claim, delayMs) => claims.enqueueObject(claim, delayMs),
  );
  const claims = reconciler("csi-provisioner", (namespace, name) =>
    volumeController.reconcileClaim(namespace, name),
  );
  const volumes = reconciler("pv-controller", (namespace, name) =>
    volumeController.reconcileVolume(namespace, name),
  );
  const dataVolumeController = new DataVolumeController(
    context,
    storeOf("cdi-controller"),
    eventsOf("datavolume-controller"),
    (dataVolume, delayMs) => dataVolumes.enqueueObject(dataVolume, delayMs),
  );
  const dataVolumes = reconciler("cdi-controller", (namespace, name) =>
    dataVolumeController.reconcile(namespace, name),
  );
  const migrationController = new MigrationController(
    context,
    { controller: storeOf("virt-controller"), handler: storeOf("virt-handler") },
    { controller: eventsOf("virt-controller"), handler: eventsOf("virt-handler") },
    indexes,
    (migration, delayMs) => migrations.enqueueObject(migration, delayMs),
  );
  const migrations = reconciler("virt-controller/migration", (namespace, name) =>
    migrationController.reconcile(namespace, name),
  );
  const nodes = reconciler("hosts", hostReconciler(context, storeOf, eventsOf("kubelet"), indexes));
  const wakeMigration = (object: KubeObject) => {
    for (const migration of indexes.migrationsByVmi.get(
      namespacedKey(object.metadata.namespace, object.metadata.name),
    ))
      if (!isMigrationOver(migration)) migrations.enqueueObject(migration);
  };
  const quotaStore = storeOf("kube-controller-manager");
  const quotas = reconciler("resourcequota-controller", (namespace, name) =>
    reconcileQuota(quotaStore, namespace, name),
  );

  const still = new StillGuests(reader, context.machines);
  const wiring = { context, storeOf, eventsOf, indexes, still, reconciler };
  const extras = [
    startMachineExtras(wiring),
    startSubnets(wiring),
    startNetworkExtras(wiring),
    startWorkloads(wiring),
    startVolumeSnapshots(wiring),
    startDataSources(wiring),
    startExports(wiring),
  ];

  const ownerName = (object: KubeObject, kind: string) =>
    object.metadata.ownerReferences?.find((owner) => owner.kind === kind)?.name;

  const wakeUsersOf = (object: KubeObject) => {
    const key = namespacedKey(object.metadata.namespace, object.metadata.name);
    for (const vm of indexes.vmsByClaim.get(key)) vms.enqueueObject(vm);
    for (const vmi of indexes.vmisByClaim.get(key)) vmis.enqueueObject(vmi);
    for (const pod of indexes.podsByClaim.get(key)) {
      if (pod.status?.phase === "Running") continue;
      pods.enqueueObject(pod);
      if (pod.spec.nodeName === undefined) scheduling.enqueueObject(pod);
    }
  };
  const wakeQuotas = (object: KubeObject) => {
    for (const quota of reader.list(quotaKind, object.metadata.namespace))
      quotas.enqueueWithin(quota.metadata.namespace, quota.metadata.name, sumWithinMs);
  };

  const podChanged = (pod: Pod, gone: boolean) => {
    pods.enqueueObject(pod);
    wakeQuotas(pod);
    const migration = pod.metadata.annotations?.["kubevirt.io/migrationJobName"];
    if (migration !== undefined) migrations.enqueue(pod.metadata.namespace, migration);
    const vmi = ownerName(pod, "VirtualMachineInstance");
    if (vmi !== undefined) vmis.enqueue(pod.metadata.namespace, vmi);
    if (gone) {
      for (const volume of pod.spec.volumes ?? []) {
        const claim = reader.get(
          claimKind,
          pod.metadata.namespace,
          volume.persistentVolumeClaim?.claimName ?? "",
        );
        if (claim?.metadata.deletionTimestamp !== undefined) releaseClaim(claim);
      }
      return;
    }
    if (pod.spec.nodeName === undefined) scheduling.enqueueObject(pod);
    else
      for (const volume of pod.spec.volumes ?? [])
        if (volume.persistentVolumeClaim)
          claims.enqueue(pod.metadata.namespace, volume.persistentVolumeClaim.claimName);
  };

  const handlers = new Map<string, (object: KubeObject, gone: boolean) => void>([
    [
      resource(vmKind),
      (vm) => {
        vms.enqueueObject(vm);
        wakeQuotas(vm);
      },
    ],
    [
      resource(vmiKind),
      (vmi, gone) => {
        vms.enqueueObject(vmi);
        wakeMigration(vmi);
        if (gone) void context.machines.get(vmi.metadata.uid)?.kill();
        else {
          vmis.enqueueObject(vmi);
          guests.enqueueObject(vmi);
          for (const node of evacuatedNodes(vmi)) nodes.enqueue(undefined, node);
        }
        const ended = isFinal(vmi as VirtualMachineInstance); // stored under instances
        for (const pod of indexes.podsByOwner.get(vmi.metadata.uid))
          if (ended || pod.metadata.deletionTimestamp !== undefined) pods.enqueueObject(pod);
      },
    ],
    [resource(podKind), (pod, gone) => podChanged(pod as Pod, gone)], // stored under pods
    [
      resource(claimKind),
      (claim, gone) => {
        if (gone) {
          for (const volume of indexes.volumesByClaim.get(claim.metadata.uid)) volumes.enqueueObject(volume);
        } else {
          // Nothing protects a claim here longer than the pods that mount it.
          claims.enqueueObject(claim);
          dataVolumes.enqueueObject(claim);
        }
        if (claim.metadata.deletionTimestamp !== undefined && !gone) releaseClaim(claim);
        wakeUsersOf(claim);
        wakeQuotas(claim);
      },
    ],
    [
      resource(dataVolumeKind),
      (dataVolume, gone) => {
        if (!gone) dataVolumes.enqueueObject(dataVolume);
        wakeUsersOf(dataVolume);
      },
    ],
    [resource(nodeKind), (node, gone) => !gone && nodes.enqueueObject(node)],
    [
      resource(migrationKind),
      (object) => {
        const migration = object as Migration; // stored under migrations
        migrations.enqueueObject(migration); // also one that is gone: it may have left a target behind
        if (!isMigrationOver(migration)) return;
        // Another of the host's machines may go now, and this one again, for what was asked of it meanwhile.
        const { sourceNode } = migration.status?.migrationState ?? {};
        if (sourceNode !== undefined) nodes.enqueue(undefined, sourceNode);
        vms.enqueue(migration.metadata.namespace, migration.spec.vmiName ?? "");
      },
    ],
    [resource(volumeKind), (volume, gone) => !gone && volumes.enqueueObject(volume)],
    [resource(quotaKind), (quota, gone) => !gone && quotas.enqueueObject(quota)],
    [
      resource(volumeAttachmentKind),
      (object) => {
        const { nodeName, source } = (object as VolumeAttachment).spec; // stored under attachments
        const claim = reader.get(volumeKind, undefined, source?.persistentVolumeName ?? "")?.spec.claimRef;
        for (const pod of claim ? indexes.podsByClaim.get(namespacedKey(claim.namespace, claim.name)) : [])
          if (pod.spec.nodeName === nodeName && pod.status?.phase !== "Running") pods.enqueueObject(pod);
      },
    ],
    [
      resource(storageClassKind),
      () => {
        for (const claim of reader.list(claimKind))
          if (claim.status?.phase !== "Bound") claims.enqueueObject(claim);
      },
    ],
  ]);

  /** pvc-protection: the claim goes once no living pod mounts it. */
  function releaseClaim(claim: KubeObject): void {
    const mounted = indexes.podsByClaim
      .get(namespacedKey(claim.metadata.namespace, claim.metadata.name))
      .some((pod) => pod.status?.phase === "Running");
    if (mounted || !hasFinalizer(claim, "kubernetes.io/pvc-protection")) return;
    store.later(() => {
      reader.modify(claimKind, claim.metadata.namespace, claim.metadata.name, (current) =>
        current.metadata.uid === claim.metadata.uid && current.metadata.deletionTimestamp !== undefined
          ? withoutFinalizer(current, "kubernetes.io/pvc-protection")
          : current,
      );
    });
  }

  const wakeAll = (key: string, object: KubeObject, gone: boolean) => {
    handlers.get(key)?.(object, gone);
    for (const each of extras) each(key, object, gone);
  };
  const guard = (work: () => void) => {
    try {
      work();
    } catch (error) {
      context.log("a stored object could not be looked at", {
        error: error instanceof Error ? error.stack : String(error),
      });
    }
  };
  const wake = (change: ObjectChange) => {
    wakeAll(`${change.kind.group}/${change.kind.resource}`, change.object, change.type === "DELETED");
    if (change.type !== "MODIFIED" && change.object.metadata.namespace !== undefined)
      wakeQuotas(change.object);
  };
  const stop = store.onChange(wake);
  const waiting = startingKinds.flatMap((kind) =>
    reader.list<KubeObject>(kind).map((object) => ({ key: resource(kind), object })),
  );
  turns.add(() => {
    const next = waiting.pop();
    if (next) guard(() => wakeAll(next.key, next.object, false));
    return next !== undefined;
  });
  const stopStorage = startStorageReports(context, storeOf);
  const stopHeartbeats = startNodeHeartbeats(storeOf("virt-handler"), clock);
  return {
    async close() {
      stopHeartbeats();
      stopStorage();
      stop();
      waiting.length = 0;
      virtHandler.close();
      dataVolumeController.close();
      await Promise.all(reconcilers.map((each) => each.close()));
      indexes.close();
    },
  };
}
