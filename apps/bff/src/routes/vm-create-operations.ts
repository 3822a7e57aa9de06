/** Making a machine: preview with every check, then the objects themselves, all as the caller. */
import type { SecretSort } from "@kubev/api-types/secrets";
import { type RawSecret, sortOf } from "../domain/secret-facts.ts";
import type { Reason } from "@kubev/api-types/reason";
import type { PreflightCheck, VmCreateSpec, VmPreview } from "@kubev/api-types/vm-create";
import { mapLimited } from "../domain/mapped-limit.ts";
import { maskObject, toYaml } from "../domain/object-text.ts";
import { reasonOf } from "../domain/reasons.ts";
import { kubectlCommands, virtctlCommand, virtctlOmits } from "../domain/shell-commands.ts";
import { typeOfId } from "../domain/type-id.ts";
import type { RecordBase } from "../domain/vm-records.ts";
import { vmFormField } from "../domain/vm-form-fields.ts";
import type { Manifest, VmManifests } from "../domain/vm-manifest.ts";
import { buildVmManifests } from "../domain/vm-manifest.ts";
import { preflight } from "../domain/vm-preflight.ts";
import { inScope } from "../access/scope.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf, problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { heldOf } from "../inventory/images.ts";
import type { FeedTable } from "../inventory/feed-table.ts";
import { hostFits } from "../inventory/host-fits.ts";
import { listVms } from "../inventory/vms.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { nicFacts } from "./nic-facts.ts";
import { attachDecision } from "./disk-attachment.ts";
import { takenBack } from "./in-steps.ts";
import type { Operations } from "./operation.ts";
import { projectQuota } from "./project-quota.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { requireProject } from "./require-project.ts";
import { sendSubresource } from "./vm-action-operations.ts";
import { storageFacts } from "./storage-facts.ts";

const secretsAtOnce = 4;

function typeOf(manifest: Manifest): ResourceType {
  return manifest.kind === "Secret" ? types.secret : types.virtualMachine;
}

function choices(services: Services, project: string, spec: VmCreateSpec) {
  const { feeds } = services.inventory;
  const type = typeOfId(spec.sizing.kind === "instance-type" ? spec.sizing.name : "");
  const preference = typeOfId(spec.preference);
  const of = <R extends RecordBase>(
    named: typeof type,
    ofCluster: FeedTable<R>,
    own: FeedTable<R>,
  ): R | undefined =>
    named.namespace === ""
      ? ofCluster.get("", named.name)
      : named.namespace === project
        ? own.get(project, named.name)
        : undefined; // another project's
  return {
    instanceType: of(type, feeds.clusterInstanceTypes.table, feeds.instanceTypes.table),
    preference: of(preference, feeds.clusterPreferences.table, feeds.preferences.table),
  };
}

async function imageOf(services: Services, caller: Caller, spec: VmCreateSpec) {
  if (spec.source.kind !== "image" && spec.source.kind !== "iso") return undefined;
  const { project, name } = spec.source;
  const entry = await visibleEntry(services.nouns.images, caller.rights, `${project}/${name}`);
  // an image that the caller may not see does not exist for him
  if (entry === undefined) return undefined;
  const disks = await services.nouns.disks.scope(caller.rights);
  return { ...entry, ...heldOf(services.inventory.feeds, entry, disks) };
}

/** The objects to make. They may tell what the project has, so nothing of them is shown before the dry run. */
async function planned(services: Services, caller: Caller, project: string, spec: VmCreateSpec) {
  const chosen = choices(services, project, spec);
  const image = await imageOf(services, caller, spec);
  const manifests = buildVmManifests(project, spec, {
    isoBytes: image?.sizeBytes ?? 1024 ** 3,
  });
  return { chosen, image, manifests };
}

/** What the chosen secrets are; nothing of those that the caller may not read. */
async function keySecretSorts(caller: Caller, project: string, { cloudInit }: VmCreateSpec) {
  const sorts = new Map<string, SecretSort | "missing">();
  const names = cloudInit.kind === "form" ? cloudInit.sshKeySecrets : [];
  await mapLimited(names, secretsAtOnce, async (name) => {
    try {
      sorts.set(name, sortOf(await caller.client.json<RawSecret>(objectPath(types.secret, name, project))));
    } catch (error) {
      if (!(error instanceof KubeError) || (error.status !== 404 && error.status !== 403)) throw error;
      if (error.status === 404) sorts.set(name, "missing");
    }
  });
  return sorts;
}

/** Only for callers whom the cluster lets make this machine: the checks tell of names, addresses and disks. */
async function looks(
  services: Services,
  caller: Caller,
  project: string,
  spec: VmCreateSpec,
  { chosen, image }: Awaited<ReturnType<typeof planned>>,
): Promise<PreflightCheck[]> {
  const { feeds } = services.inventory;
  const { nouns } = services;
  const { disks, "volume-snapshot": snapshots } = services.nouns;
  const disk =
    spec.source.kind === "disk"
      ? await visibleEntry(disks, caller.rights, `${project}/${spec.source.name}`)
      : undefined;
  const [network, seesMachines, quota, seesSnapshots, seesAttachments] = await Promise.all([
    nicFacts(services, caller, project),
    caller.rights.can(listVms, project),
    projectQuota(services, caller, project),
    snapshots.scope(caller.rights),
    nouns["network-attachment"].scope(caller.rights),
  ]);
  const snapshot =
    spec.source.kind === "snapshot" && inScope(seesSnapshots, project)
      ? feeds.volumeSnapshots.table.get(project, spec.source.name)
      : undefined;
  return preflight(spec, {
    ...network,
    keySecrets: await keySecretSorts(caller, project, spec),
    attachments:
      inScope(seesAttachments, project) && nouns.catalogue["network-attachment"].feed.complete
        ? new Set(
            [...nouns.catalogue["network-attachment"].table.values()]
              .filter(({ namespace }) => namespace === project)
              .map(({ name }) => name),
          )
        : null,
    usersOfDisk: (name) =>
      feeds.claims.table.get(project, name) === undefined &&
      feeds.dataVolumes.table.get(project, name) === undefined
        ? undefined
        : seesMachines
          ? nouns.vmIndex.usersOfClaim(project, name)
          : [],
    nameTaken: feeds.vms.table.get(project, spec.name) !== undefined,
    hosts:
      feeds.hosts.state === "forbidden" ? null : hostFits(services.nouns.hosts.index, services.clock.nowMs()),
    quota,
    ...storageFacts(services),
    image:
      image === undefined
        ? undefined
        : { media: image.image.media, state: image.state, sizeBytes: image.sizeBytes },
    snapshot: snapshot && { ready: snapshot.ready, sizeBytes: snapshot.restoreBytes },
    snapshotsServed: feeds.volumeSnapshots.state !== "absent",
    disk: disk?.claim !== undefined ? await attachDecision(services, caller, project, disk.name) : undefined,
    instanceType: chosen.instanceType,
    preference: chosen.preference,
  });
}

interface DryRun {
  check: PreflightCheck;
  /** Set where the cluster does not let the caller make this; nothing else is then his to know. */
  forbidden?: KubeError;
}

/** KubeVirt's words where the machine's service account may not copy. Source: CDI's clone authorization, asked by KubeVirt's webhook. */
const copyRefused = /has insufficient permissions in clone source namespace (\S+)$/;

function dryRunReason(error: unknown, project: string): Reason {
  if (!(error instanceof KubeError)) return reasonOf("dry-run-refused");
  const from = copyRefused.exec(error.message)?.[1];
  return from === undefined
    ? reasonOf("dry-run-refused", undefined, error.message)
    : reasonOf("machine-clone-right-missing", { project, from }, error.message);
}

async function dryRun(caller: Caller, project: string, manifests: VmManifests): Promise<DryRun> {
  const objects = [manifests.secret, manifests.vm].filter((manifest) => manifest !== null);
  const warnings: string[] = [];
  for (const manifest of objects)
    try {
      const answer = await caller.client.jsonWithWarnings(collectionPath(typeOf(manifest), project), {
        method: "POST",
        query: { dryRun: "All" },
        body: manifest,
      });
      warnings.push(...answer.warnings);
    } catch (error) {
      if (error instanceof KubeError && error.reason === "AlreadyExists" && manifest.kind === "Secret")
        return {
          check: {
            name: "dry-run",
            result: "blocking",
            reason: reasonOf(
              "part-already-exists",
              { kind: manifest.kind, name: manifest.metadata.name },
              error.message,
            ),
          },
        };
      const problem = error instanceof KubeError ? problemOfKubeError(error, vmFormField) : problemOf(error);
      const refused = error instanceof KubeError && error.status < 500;
      const reason = dryRunReason(error, project);
      const fields =
        reason.code === "machine-clone-right-missing" ? [{ path: "source", reason }] : problem.details.fields;
      return {
        check: {
          name: "dry-run",
          result: refused ? "blocking" : "unknown",
          reason,
          ...(fields === undefined ? {} : { fields }),
        },
        ...(error instanceof KubeError && error.status === 403 ? { forbidden: error } : {}),
      };
    }
  if (warnings.length === 0) return { check: { name: "dry-run", result: "ok" } };
  const reason = reasonOf("dry-run-warned", undefined, warnings.join(" "));
  return { check: { name: "dry-run", result: "warning", reason } };
}

/** The Secret first, so that a machine that starts at once finds it; then the machine; then the Secret becomes its own. */
async function createAll(caller: Caller, project: string, { vm, secret }: VmManifests): Promise<RawMeta> {
  const { client } = caller;
  if (secret !== null)
    await client.json(collectionPath(types.secret, project), { method: "POST", body: secret });
  try {
    const made = await client.json<{ metadata?: RawMeta }>(collectionPath(types.virtualMachine, project), {
      method: "POST",
      body: vm,
    });
    const metadata = made.metadata ?? {};
    if (secret !== null)
      await client
        .json(objectPath(types.secret, secret.metadata.name, project), {
          method: "PATCH",
          contentType: "application/merge-patch+json",
          body: {
            metadata: {
              ownerReferences: [
                {
                  apiVersion: "kubevirt.io/v1",
                  kind: "VirtualMachine",
                  name: vm.metadata.name,
                  uid: metadata.uid,
                },
              ],
            },
          },
        })
        .catch(() => {}); // the machine works; without the owner its Secret only outlives it
    return metadata;
  } catch (error) {
    // an answer that never came may still have made the machine, which then needs its Secret
    if (secret === null || problemOf(error).details.outcomeUnknown === true) throw error;
    const problem = error instanceof KubeError ? problemOfKubeError(error, vmFormField) : error;
    return takenBack(
      problem,
      client.json(objectPath(types.secret, secret.metadata.name, project), { method: "DELETE" }),
    );
  }
}

/** Starts a machine just made. It stands either way, so a failure is told beside it and is none of the create. */
async function startFailure(caller: Caller, project: string, name: string): Promise<Reason | undefined> {
  try {
    await sendSubresource(caller, "start", { project, name });
    return undefined;
  } catch (error) {
    return problemOf(error).details.reason ?? reasonOf("upstream-refused");
  }
}

export function vmCreateOperations(services: Services) {
  return {
    previewVm: {
      access: "session",
      handle: async ({ caller, params: { project }, body }): Promise<VmPreview> => {
        await requireProject(services, caller, project);
        const plan = await planned(services, caller, project, body);
        const { check, forbidden } = await dryRun(caller, project, plan.manifests);
        const commands = {
          kubectl: kubectlCommands(project, body),
          virtctl: virtctlCommand(project, body),
          virtctlOmits: virtctlOmits(body),
        };
        if (forbidden !== undefined) return { yaml: "", ...commands, checks: [check], creatable: false };
        const checks = [...(await looks(services, caller, project, body, plan)), check];
        const { secret, vm } = plan.manifests;
        const beside =
          secret === null
            ? ""
            : `# The Secret ${secret.metadata.name} with the cloud-init data is made too.\n`;
        return {
          yaml: beside + toYaml(maskObject(vm).object),
          ...commands,
          checks,
          creatable: checks.every((check) => check.result !== "blocking"),
        };
      },
    },
    createVm: {
      access: "session",
      status: 201,
      audit: (call) => ({
        action: "create",
        noun: "virtual-machine",
        project: call.params.project,
        name: call.body.name,
        diff: [],
      }),
      handle: async (call) => {
        const { caller, body } = call;
        const { project } = call.params;
        await requireProject(services, caller, project);
        const plan = await planned(services, caller, project, body);
        const { manifests } = plan;
        const { forbidden } = await dryRun(caller, project, manifests);
        if (forbidden !== undefined) throw problemOfKubeError(forbidden, vmFormField);
        const checks = await looks(services, caller, project, body, plan);
        const blocking = checks.filter((check) => check.result === "blocking");
        const [first] = blocking;
        if (first !== undefined)
          throw new ApiProblem(first.reason?.code === "name-taken" ? "already-exists" : "invalid", {
            reason: first.reason,
            fields: blocking.flatMap((check) => check.fields ?? []),
          });
        if (call.audit !== null) call.audit.diff = [{ path: "", new: maskObject(manifests.vm).object }];
        try {
          const { uid } = await createAll(caller, project, manifests);
          const warning =
            body.startAfterCreate && body.runStrategy === "Manual"
              ? await startFailure(caller, project, body.name)
              : undefined;
          return { project, name: body.name, uid: uid ?? "", ...(warning === undefined ? {} : { warning }) };
        } catch (error) {
          throw error instanceof KubeError ? problemOfKubeError(error, vmFormField) : error;
        }
      },
    },
  } satisfies Partial<Operations>;
}
