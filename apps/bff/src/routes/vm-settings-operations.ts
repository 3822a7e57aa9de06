/** Common settings of a machine: read, checked with the cluster's dry run, stored on top of what is there; and what is pending. */
import type { FieldError } from "@kubev/api-types/errors";
import type {
  VmPending,
  VmSettingsCheck,
  VmSettingsForm,
  VmSettingsWrite,
} from "@kubev/api-types/vm-settings";
import { macPattern } from "@kubev/api-types/vm-create";
import { mergeFields } from "../domain/field-merge.ts";
import { jsonDiff } from "../domain/json-diff.ts";
import { maskObject } from "../domain/object-text.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import { nicProblem } from "../domain/nic-problem.ts";
import { denied, reasonOf } from "../domain/reasons.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { ExpandedDomains, RunningFacts, RunningMachine } from "../domain/vm-changes.ts";
import { heldForRestart, pendingChanges, runningFacts, settingChanges } from "../domain/vm-changes.ts";
import { typeOfId } from "../domain/type-id.ts";
import { vmFormField } from "../domain/vm-form-fields.ts";
import type { SettingsSpec, SettingsVm } from "../domain/vm-settings.ts";
import { settingsOf, withSettings } from "../domain/vm-settings.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { conditionOf } from "../inventory/record-base.ts";
import { mergeVmActions, vmDecisions } from "../inventory/vms.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { overNewest } from "../kube/over-newest.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { type LiveInstance, liveInstance } from "./live-instance.ts";
import { nicFacts } from "./nic-facts.ts";
import type { Operations } from "./operation.ts";
import { sizeQuota } from "./vm-size-quota.ts";

interface Target {
  project: string;
  name: string;
}

type StoredVm = SettingsVm & { metadata?: RawMeta; status?: { conditions?: RawCondition[] } };

/** The cluster's words on the restart that a machine waits for; null where it waits for none. */
function pendingRestart(vm: StoredVm): string | null {
  const condition = conditionOf(vm.status?.conditions, "RestartRequired");
  return condition?.status === "True" ? (condition.message ?? "") : null;
}

const readVm = async (caller: Caller, { project, name }: Target): Promise<StoredVm> =>
  caller.client.json<StoredVm>(objectPath(types.virtualMachine, name, project));

function factsOf(instance: LiveInstance | null): RunningFacts | null {
  if (instance === null) return null;
  const migratable = conditionOf(instance.status?.conditions, "LiveMigratable");
  return runningFacts(
    instance.spec ?? {},
    instance.status?.memory?.guestAtBoot,
    migratable?.status === "True",
  );
}

/** The VM's spec as it was when this instance started; null where the cluster does not let the caller see it. */
async function startedSpec(
  caller: Caller,
  project: string,
  instance: LiveInstance,
): Promise<SettingsSpec | null> {
  const revision = instance.status?.virtualMachineRevisionName ?? "";
  if (revision === "") return null;
  try {
    const { data } = await caller.client.json<{ data?: { spec?: SettingsSpec } }>(
      objectPath(types.controllerRevision, revision, project),
    );
    return data?.spec ?? null;
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

/** The machine's domain with its type written out; null where the cluster does not expand it for the caller. */
async function expandedDomain(caller: Caller, project: string, vm: SettingsVm) {
  try {
    const path = collectionPath(types.expandVmSpec, project);
    const { spec } = await caller.client.json<SettingsVm>(path, { method: "PUT", body: vm, asks: true });
    return spec?.template?.spec?.domain ?? {};
  } catch (error) {
    if (error instanceof KubeError && error.status < 500) return null;
    throw error;
  }
}

/** Both domains, where another instance type may reach a running machine by hotplug. */
async function expandedDomains(
  caller: Caller,
  project: string,
  was: SettingsVm,
  now: SettingsVm,
): Promise<ExpandedDomains | null> {
  const before = was.spec?.instancetype;
  const after = now.spec?.instancetype;
  if (before === undefined || after === undefined) return null;
  if (before.name === after.name && before.kind === after.kind) return null;
  const [old, next] = await Promise.all([
    expandedDomain(caller, project, was),
    expandedDomain(caller, project, now),
  ]);
  return old === null || next === null ? null : { was: old, now: next };
}

function runningMachine(instance: LiveInstance, started: SettingsSpec, facts: RunningFacts): RunningMachine {
  const { spec = {}, status } = instance;
  return {
    started,
    instanceSpec: spec,
    sockets: status?.currentCPUTopology?.sockets ?? spec.domain?.cpu?.sockets ?? 1,
    memoryBytes: quantityOrZero(status?.memory?.guestCurrent ?? spec.domain?.memory?.guest),
    facts,
  };
}

function settingsField(field: string): string | null {
  const known = vmFormField(field);
  if (known === "sizing.memoryBytes") return "memoryBytes";
  if (known === "sizing.cpuCores") return "sockets";
  if (known === "sizing.name") return "instanceType";
  if (/bootOrder/.test(field)) return "bootOrder";
  if (/hostname/.test(field)) return "hostname";
  if (/evictionStrategy/.test(field)) return "evictionStrategy";
  return known === null || known.includes(".") || known === "source" || known === "cloudInit" ? null : known;
}

/** What the webhook lets pass and the machine fails by later (kubevirt-behaviour: Validation). */
function ownProblems(values: VmSettingsForm): FieldError[] {
  const problems: FieldError[] = [];
  if (values.instanceType === "" && values.memoryBytes < 2 ** 20)
    problems.push({ path: "memoryBytes", reason: reasonOf("field-too-small", { min: 2 ** 20 }) });
  if (values.hostname !== "" && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(values.hostname))
    problems.push({ path: "hostname", reason: reasonOf("field-pattern") });
  if (new Set(values.bootOrder).size < values.bootOrder.length)
    problems.push({ path: "bootOrder", reason: reasonOf("field-invalid") });
  return problems;
}

const updateVm: NeededRight = {
  verb: "update",
  group: "kubevirt.io",
  resource: "virtualmachines",
  subresource: "",
};

interface TypeFeed {
  complete: boolean;
  table: { get(namespace: string, name: string): unknown };
}

export function vmSettingsOperations(services: Services) {
  const { nouns, inventory } = services;

  /** Whether a type or preference is known not to be there; another project's is none of this one's. */
  const isGone = (id: string, project: string, ofCluster: TypeFeed, own: TypeFeed): boolean => {
    const { namespace, name } = typeOfId(id);
    if (namespace !== "" && namespace !== project) return true;
    const feed = namespace === "" ? ofCluster : own;
    return feed.complete && feed.table.get(namespace, name) === undefined;
  };

  const missing = ({ project }: Target, was: VmSettingsForm, now: VmSettingsForm): FieldError[] => {
    const { clusterInstanceTypes, instanceTypes, clusterPreferences, preferences } = inventory.feeds;
    const problems: FieldError[] = [];
    const newly = (field: "instanceType" | "preference") => now[field] !== was[field] && now[field] !== "";
    if (newly("instanceType") && isGone(now.instanceType, project, clusterInstanceTypes, instanceTypes))
      problems.push({
        path: "instanceType",
        reason: reasonOf("instance-type-missing", { name: now.instanceType }),
      });
    if (was.instanceType !== "" && now.instanceType === "")
      problems.push({ path: "instanceType", reason: reasonOf("field-required") });
    if (newly("preference") && isGone(now.preference, project, clusterPreferences, preferences))
      problems.push({ path: "preference", reason: reasonOf("preference-missing", { name: now.preference }) });
    return problems;
  };

  /** Only what is changed is held against the networks: what is there runs with what it has. */
  async function networkProblems(
    caller: Caller,
    { project, name }: Target,
    was: VmSettingsForm,
    now: VmSettingsForm,
  ): Promise<FieldError[]> {
    const moved = was.subnet !== now.subnet || was.ips.join() !== now.ips.join() || was.mac !== now.mac;
    const regrouped = was.securityGroups.join("\n") !== now.securityGroups.join("\n");
    if (!moved && !regrouped) return [];
    // whom the cluster lets change nothing learns nothing of who holds which address: his dry run is refused
    if (!(await caller.rights.can(updateVm, project))) return [];
    if (was.mac !== now.mac && now.mac !== "" && !macPattern.test(now.mac))
      return [{ path: "mac", reason: reasonOf("field-pattern", { expected: "mac" }) }];
    const facts = await nicFacts(services, caller, project);
    const problem = nicProblem(
      {
        ...(moved ? { subnet: now.subnet, ips: now.ips, mac: now.mac } : { subnet: "", ips: [], mac: "" }),
        securityGroups: regrouped ? now.securityGroups : [],
      },
      {
        ...facts,
        machine: name,
        // groups that it has already are not asked for anew
        securityGroups:
          facts.securityGroups === null ? null : new Set([...facts.securityGroups, ...was.securityGroups]),
      },
    );
    return problem === null ? [] : [problem];
  }

  /** The person's own changes on top of what is stored now, and what each takes. `next` carries the version it was made from. */
  async function prepare(caller: Caller, params: Target, body: VmSettingsWrite) {
    const [vm, instance] = await Promise.all([readVm(caller, params), liveInstance(caller, params)]);
    const stored = settingsOf(vm);
    const { merged, conflicts } = mergeFields(body.was, stored, body.values, ["labels"]);
    const values = merged as VmSettingsForm; // as: each field is one of the two forms'
    const next = withSettings(vm, values);
    const expanded = instance === null ? null : await expandedDomains(caller, params.project, vm, next);
    const changes = heldForRestart(
      settingChanges(stored, values, factsOf(instance), expanded),
      pendingRestart(vm) !== null,
    );
    const fields = [
      ...ownProblems(values),
      ...missing(params, stored, values),
      ...(await networkProblems(caller, params, stored, values)),
    ];
    return { vm, instance, next, changes, fields, conflicts };
  }

  async function check(caller: Caller, params: Target, body: VmSettingsWrite): Promise<VmSettingsCheck> {
    return overNewest(
      async () => prepare(caller, params, body),
      async ({ instance, next, changes, fields, conflicts }) => {
        if (conflicts.length > 0) return { ok: false, changes: [], fields: [], conflicts, warnings: [] };
        if (fields.length > 0 || changes.length === 0)
          return { ok: fields.length === 0, changes, fields, warnings: [] };
        const { warnings } = await caller.client.jsonWithWarnings(
          objectPath(types.virtualMachine, params.name, params.project),
          { method: "PUT", query: { dryRun: "All" }, body: next },
        );
        const quota = await sizeQuota(
          services,
          caller,
          params.project,
          changes,
          async () =>
            next.spec?.instancetype === undefined
              ? (next.spec?.template?.spec?.domain ?? {})
              : expandedDomain(caller, params.project, next),
          instance === null ? null : (instance.spec?.domain ?? {}),
        );
        return { ok: true, changes, fields: [], warnings, ...(quota === null ? {} : { quota }) };
      },
      (error, { changes }) => {
        if (!(error instanceof KubeError) || error.status >= 500 || error.status === 403) throw error;
        const causes = problemOfKubeError(error, settingsField).details.fields ?? [];
        const whole = { path: "", reason: reasonOf("upstream-refused", undefined, error.message) };
        return { ok: false, changes, fields: causes.length > 0 ? causes : [whole], warnings: [] };
      },
    );
  }

  async function write(caller: Caller, params: Target, body: VmSettingsWrite) {
    return overNewest(
      async () => prepare(caller, params, body),
      async ({ vm, next, changes, fields, conflicts }) => {
        if (conflicts.length > 0)
          throw new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile"), conflicts });
        if (fields.length > 0) throw new ApiProblem("invalid", { fields });
        const stored = await caller.client.json<StoredVm>(
          objectPath(types.virtualMachine, params.name, params.project),
          { method: "PUT", body: next },
        );
        return { vm, stored, changes };
      },
      (error) => {
        throw error instanceof KubeError ? problemOfKubeError(error, settingsField) : error;
      },
    );
  }

  return {
    getVmPending: {
      access: "session",
      handle: async ({ caller, params }): Promise<VmPending> => {
        const [vm, instance] = await Promise.all([readVm(caller, params), liveInstance(caller, params)]);
        const facts = factsOf(instance);
        const restart = pendingRestart(vm);
        const started = instance === null ? null : await startedSpec(caller, params.project, instance);
        const changes =
          instance === null || facts === null || started === null
            ? []
            : pendingChanges(
                vm,
                runningMachine(instance, started, facts),
                await expandedDomains(caller, params.project, { ...vm, spec: started }, vm),
              );
        return {
          restartRequired: restart !== null,
          message: restart ?? "",
          changes: heldForRestart(changes, restart !== null),
        };
      },
    },
    getVmSettings: {
      access: "session",
      handle: async ({ caller, params }) => {
        const [vm, instance] = await Promise.all([readVm(caller, params), liveInstance(caller, params)]);
        const may = await vmDecisions(caller.rights, [params]);
        nouns.vms.flush();
        const entry = nouns.vmIndex.index.get(`${params.project}/${params.name}`);
        const facts = factsOf(instance);
        const devices = vm.spec?.template?.spec?.domain?.devices;
        return {
          resourceVersion: vm.metadata?.resourceVersion ?? "",
          values: settingsOf(vm),
          running: instance !== null,
          edit:
            entry === undefined
              ? denied("vm-gone")
              : mergeVmActions(entry, may(params.project, params.name)).edit,
          bootDevices: [
            ...(devices?.disks ?? []).map((disk) => ({
              name: disk.name ?? "",
              kind: disk.cdrom === undefined ? ("disk" as const) : ("cdrom" as const),
            })),
            ...(devices?.interfaces ?? []).map((nic) => ({
              name: nic.name ?? "",
              kind: "interface" as const,
            })),
          ],
          growth: {
            maxSockets: facts?.migratable === true ? facts.maxSockets : null,
            maxMemoryBytes: facts?.migratable === true ? facts.maxMemoryBytes : null,
          },
        };
      },
    },
    checkVmSettings: {
      access: "session",
      handle: async ({ caller, params, body }) => check(caller, params, body),
    },
    putVmSettings: {
      access: "session",
      audit: ({ params }) => ({ action: "configure", noun: "virtual-machine", ...params, diff: [] }),
      handle: async ({ caller, params, body, audit }) => {
        const { vm, stored, changes } = await write(caller, params, body);
        const shown = (object: StoredVm) => {
          const masked = maskObject(object).object;
          return { spec: masked["spec"], metadata: { ...object.metadata, resourceVersion: "" } };
        };
        if (audit !== null)
          audit.diff = jsonDiff(shown(vm), shown(stored)).filter(
            ({ path }) => !/^\/metadata\/(managedFields|generation)/.test(path),
          );
        return { resourceVersion: stored.metadata?.resourceVersion ?? "", changes };
      },
    },
  } satisfies Partial<Operations>;
}
