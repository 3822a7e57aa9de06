/** Disks: one, a new one checked first, growing, and taking one away. */
import type { DiskCreate, DiskPreview } from "@kubev/api-types/disk-create";
import type { PreflightCheck } from "@kubev/api-types/vm-create";
import { sees } from "../access/scope.ts";
import { diskFormField, diskManifest } from "../domain/disk-manifest.ts";
import type { SourceFacts } from "../domain/disk-preflight.ts";
import { diskPreflight } from "../domain/disk-preflight.ts";
import { quotaProblem, storageNeeds, storageQuota } from "../domain/quota-needs.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { toYaml } from "../domain/object-text.ts";
import { bytesQuantity } from "../domain/quantity.ts";
import { reasonOf } from "../domain/reasons.ts";
import { shellQuoted } from "../domain/shell-commands.ts";
import { classNameOf } from "../domain/storage-checks.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { problemOf, problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { heldOf } from "../inventory/images.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { KubePath } from "../kube/kube-path.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { deleteDisk } from "./disk-deletion.ts";
import { diskDetailOf, diskEventSelectors, readDisk, readDiskToShow } from "./disk-detail.ts";
import { uploadFile } from "./file-upload.ts";
import { eventsOf } from "./object-events.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import type { Operations } from "./operation.ts";
import { projectQuota } from "./project-quota.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { requireProject } from "./require-project.ts";
import { storageFacts } from "./storage-facts.ts";

const showWithinMs = 3000;

/** CDI's own right to copy out of a project; within one's own project none is asked. Source: CDI pkg/clone/clone-auth.go. */
export const cloneRight: NeededRight = {
  verb: "create",
  group: "cdi.kubevirt.io",
  resource: "datavolumes",
  subresource: "source",
};

/** A disk's text is its claim's, whatever CDI does; until there is one, its DataVolume's. */
async function textPath(caller: Caller, project: string, name: string): Promise<KubePath> {
  const { claim } = await readDiskToShow(caller, project, name);
  return objectPath(claim === undefined ? types.dataVolume : types.claim, name, project);
}

export function diskOperations(services: Services) {
  const { nouns, inventory } = services;
  const { feeds } = inventory;

  /** A source that the caller may not see does not exist for him. */
  async function sourceFacts(
    caller: Caller,
    project: string,
    source: DiskCreate["source"],
  ): Promise<SourceFacts | undefined> {
    if (source.kind === "blank" || source.kind === "upload") return undefined;
    if (source.kind === "url" || source.kind === "registry") return undefined;
    if (source.kind === "snapshot") {
      const snapshot = feeds.volumeSnapshots.table.get(project, source.name);
      return snapshot === undefined
        ? undefined
        : {
            ready: snapshot.ready,
            sizeBytes: snapshot.restoreBytes,
            mayClone: true,
            inUse: false,
            usedBy: [],
          };
    }
    const mayClone = source.project === project || (await caller.rights.can(cloneRight, source.project));
    const key = `${source.project}/${source.name}`;
    if (source.kind === "image") {
      const image = await visibleEntry(nouns.images, caller.rights, key);
      if (image === undefined) return undefined;
      return {
        ready: image.state.status === "ready",
        sizeBytes: heldOf(feeds, image, await nouns.disks.scope(caller.rights)).sizeBytes,
        mayClone,
        inUse: false,
        usedBy: [],
      };
    }
    const disk = await visibleEntry(nouns.disks, caller.rights, key);
    if (disk === undefined) return undefined;
    const running = disk.usedBy.filter((machine) => {
      const instance = feeds.instances.table.get(source.project, machine);
      return instance !== undefined && isLivePhase(instance.phase);
    });
    const machines = await nouns.vms.scope(caller.rights);
    return {
      ready: disk.state.status === "ready",
      sizeBytes: disk.sizeBytes,
      mayClone,
      inUse: running.length > 0,
      usedBy: running.filter((machine) => sees(machines, source.project, machine)),
    };
  }

  /** The cluster's own word first; where it forbids the create, nothing else is the caller's to know. */
  async function dryRun(
    caller: Caller,
    project: string,
    disk: DiskCreate,
  ): Promise<{ check: PreflightCheck; forbidden?: KubeError }> {
    try {
      await caller.client.json(collectionPath(types.dataVolume, project), {
        method: "POST",
        query: { dryRun: "All", fieldValidation: "Strict" },
        body: diskManifest(project, disk),
      });
      return { check: { name: "dry-run", result: "ok" } };
    } catch (error) {
      const problem =
        error instanceof KubeError ? problemOfKubeError(error, diskFormField) : problemOf(error);
      const { fields } = problem.details;
      const refused = error instanceof KubeError && error.status < 500;
      return {
        check: {
          name: "dry-run",
          result: refused ? "blocking" : "unknown",
          reason: reasonOf(
            "dry-run-refused",
            undefined,
            error instanceof KubeError ? error.message : undefined,
          ),
          ...(fields === undefined ? {} : { fields }),
        },
        ...(error instanceof KubeError &&
        error.reason === "Forbidden" &&
        !/exceeded quota/.test(error.message)
          ? { forbidden: error }
          : {}),
      };
    }
  }

  async function looks(caller: Caller, project: string, disk: DiskCreate) {
    const facts = storageFacts(services);
    const [source, quota] = await Promise.all([
      sourceFacts(caller, project, disk.source),
      projectQuota(services, caller, project),
    ]);
    const taken =
      feeds.claims.table.get(project, disk.name) ?? feeds.dataVolumes.table.get(project, disk.name);
    const checks = diskPreflight(disk, {
      ...facts,
      nameTaken: taken !== undefined,
      source,
      maxUploadBytes: services.config.maxUploadBytes,
      snapshotsServed: feeds.volumeSnapshots.state !== "absent",
      quota,
    });
    const storageClass = classNameOf(disk.storageClass, facts);
    return { checks, quota: storageQuota(quota ?? [], storageClass) };
  }

  return {
    previewDisk: {
      access: "session",
      handle: async ({ caller, params: { project }, body }): Promise<DiskPreview> => {
        await requireProject(services, caller, project);
        const { check, forbidden } = await dryRun(caller, project, body);
        if (forbidden !== undefined && !(await caller.rights.can(createRight, project)))
          return { yaml: "", kubectl: "", checks: [check], quota: [], creatable: false };
        const { checks, quota } = await looks(caller, project, body);
        const all = [...checks, check];
        return {
          yaml: toYaml(diskManifest(project, body)),
          kubectl: `kubectl apply --namespace ${shellQuoted(project)} --filename ${shellQuoted(`${body.name}.yaml`)}`,
          checks: all,
          quota,
          creatable: all.every((one) => one.result !== "blocking"),
        };
      },
    },
    createDisk: {
      access: "session",
      status: 201,
      audit: ({ params, body }) => ({
        action: "create",
        noun: "disk",
        project: params.project,
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, params: { project }, body }) => {
        await requireProject(services, caller, project);
        const { forbidden } = await dryRun(caller, project, body);
        if (forbidden !== undefined) throw problemOfKubeError(forbidden, diskFormField);
        const { checks } = await looks(caller, project, body);
        const blocking = checks.filter((check) => check.result === "blocking");
        const [first] = blocking;
        if (first !== undefined)
          throw new ApiProblem(first.reason?.code === "name-taken" ? "already-exists" : "invalid", {
            reason: first.reason,
            fields: blocking.flatMap((check) => check.fields ?? []),
          });
        try {
          await caller.client.json(collectionPath(types.dataVolume, project), {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: diskManifest(project, body),
          });
        } catch (error) {
          throw error instanceof KubeError ? problemOfKubeError(error, diskFormField) : error;
        }
        await waitForEntry(nouns.disks, `${project}/${body.name}`, showWithinMs);
        return { project, name: body.name };
      },
    },
    uploadDisk: {
      access: "session",
      bodyKind: "bytes",
      audit: ({ params }) => ({ action: "upload", noun: "disk", ...params, diff: [] }),
      handle: async (call) => uploadFile(services, call),
    },
    getDisk: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const objects = await readDiskToShow(caller, project, name);
        const entry = await waitForEntry(nouns.disks, `${project}/${name}`, showWithinMs);
        if (entry === undefined) throw notFound();
        const row = (await nouns.disks.rowMaker(caller.rights, [entry]))(entry);
        return diskDetailOf(services, caller, row, objects);
      },
    },
    listDiskEvents: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const objects = await readDiskToShow(caller, project, name);
        return eventsOf(caller.client, project, diskEventSelectors(name, objects));
      },
    },
    getDiskYaml: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) =>
        readText(caller.client, await textPath(caller, project, name)),
    },
    checkDiskYaml: {
      access: "session",
      handle: async ({ caller, params: { project, name }, body }) =>
        checkText(caller.client, await textPath(caller, project, name), body),
    },
    putDiskYaml: {
      access: "session",
      audit: ({ params }) => ({ action: "edit", noun: "disk", ...params, diff: [] }),
      handle: async ({ caller, params: { project, name }, body, audit }) =>
        storeText(caller.client, await textPath(caller, project, name), body, audit),
    },
    resizeDisk: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "resize",
        noun: "disk",
        ...params,
        diff: [{ path: "/sizeBytes", new: body.sizeBytes }],
      }),
      handle: async (call) => {
        const { caller, body } = call;
        const { project, name } = call.params;
        const { claim } = await readDisk(caller, project, name);
        nouns.disks.flush();
        const entry = nouns.disks.index.get(`${project}/${name}`);
        if (entry === undefined || claim === undefined) throw notFound();
        const { resize } = (await nouns.disks.rowMaker(caller.rights, [entry]))(entry).actions;
        if (!resize.allowed && resize.reason.code !== "no-permission")
          throw new ApiProblem("conflict", { reason: resize.reason });
        const currentBytes = entry.claim?.requestBytes ?? 0;
        if (call.audit !== null)
          call.audit.diff = [{ path: "/sizeBytes", old: currentBytes, new: body.sizeBytes }];
        const quota = await projectQuota(services, caller, project);
        const refusal =
          body.sizeBytes <= currentBytes
            ? reasonOf("disk-shrinks", { currentBytes })
            : quota === null
              ? null
              : quotaProblem(quota, storageNeeds(body.sizeBytes - currentBytes, entry.storageClass, 0));
        if (refusal !== null)
          throw new ApiProblem("invalid", {
            reason: refusal,
            fields: [{ path: "sizeBytes", reason: refusal }],
          });
        try {
          await caller.client.json(objectPath(types.claim, name, project), {
            method: "PATCH",
            contentType: "application/merge-patch+json",
            body: {
              metadata: { resourceVersion: claim.metadata?.resourceVersion },
              spec: { resources: { requests: { storage: bytesQuantity(body.sizeBytes) } } },
            },
          });
        } catch (error) {
          throw error instanceof KubeError ? problemOfKubeError(error, () => "sizeBytes") : error;
        }
        return null;
      },
    },
    deleteDisk: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "disk", ...params, diff: [] }),
      handle: async ({ caller, params: { project, name } }) => {
        // as the caller first: who may not read it learns nothing of its use
        await readDisk(caller, project, name);
        nouns.disks.flush();
        const entry = nouns.disks.index.get(`${project}/${name}`);
        if (entry !== undefined) {
          const decision = (await nouns.disks.rowMaker(caller.rights, [entry]))(entry).actions.delete;
          const refused = !decision.allowed && decision.reason.code !== "no-permission";
          if (refused) throw new ApiProblem("conflict", { reason: decision.reason });
        }
        await deleteDisk(caller, project, name);
        return null;
      },
    },
  } satisfies Partial<Operations>;
}

const createRight: NeededRight = { ...cloneRight, subresource: "" };
