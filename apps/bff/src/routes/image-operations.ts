/** Images, made, filled, edited and taken away: a DataSource and the DataVolume that an upload fills. */
import type { ImageCreate, ImageImport } from "@kubev/api-types/images";
import type { FieldError } from "@kubev/api-types/errors";
import { sourceAddressProblem } from "../domain/disk-preflight.ts";
import { mergeFields } from "../domain/field-merge.ts";
import { imageManifests, imagePatch, imageWordsOf } from "../domain/image-manifests.ts";
import { jsonDiff } from "../domain/json-diff.ts";
import { reasonOf } from "../domain/reasons.ts";
import { usableClass } from "../domain/storage-checks.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { overNewest } from "../kube/over-newest.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { storageFacts } from "./storage-facts.ts";
import { removeImage } from "./image-deletion.ts";
import { visibleImage } from "./image-detail.ts";
import { uploadFile } from "./file-upload.ts";
import { takenBack } from "./in-steps.ts";
import type { Operations } from "./operation.ts";

const showWithinMs = 3000;

function fileFields(image: ImageCreate, maxUploadBytes: number): FieldError[] {
  const fields: FieldError[] = [];
  if (image.fileSizeBytes > maxUploadBytes)
    fields.push({
      path: "fileSizeBytes",
      reason: reasonOf("upload-too-large", { limitBytes: maxUploadBytes }),
    });
  if (image.fileSizeBytes > image.diskSizeBytes)
    fields.push({
      path: "diskSizeBytes",
      reason: reasonOf("image-larger-than-disk", {
        fileBytes: image.fileSizeBytes,
        diskBytes: image.diskSizeBytes,
      }),
    });
  return fields;
}

function imageFields(services: Services, project: string, image: ImageCreate | ImageImport): FieldError[] {
  const { feeds } = services.inventory;
  const fields: FieldError[] = [];
  if ("source" in image) {
    const problem = sourceAddressProblem(image.source);
    if (problem !== null) fields.push(problem);
  } else fields.push(...fileFields(image, services.config.maxUploadBytes));
  const taken =
    feeds.images.table.get(project, image.name) ??
    feeds.dataVolumes.table.get(project, image.name) ??
    feeds.claims.table.get(project, image.name);
  if (taken !== undefined) fields.push({ path: "name", reason: reasonOf("name-taken") });
  if (feeds.storageClasses.complete && feeds.storageProfiles.complete) {
    const found = usableClass(image.storageClass, storageFacts(services));
    if ("refusal" in found) fields.push({ path: "storageClass", reason: found.refusal });
  }
  return fields;
}

/** Fields of DataVolume and DataSource to fields of the form. */
function imageFormField(field: string): string | null {
  if (/storageClassName/.test(field)) return "storageClass";
  if (/spec\.source/.test(field)) return "source";
  if (/resources|storage|size/i.test(field)) return "diskSizeBytes";
  return /metadata\.name|^name/.test(field) ? "name" : null;
}

/** Makes both objects as the caller, or none. */
async function createImage(
  services: Services,
  caller: Caller,
  project: string,
  body: ImageCreate | ImageImport,
): Promise<void> {
  const { client } = caller;
  const manifests = imageManifests(project, body);
  // the cluster says first whether this caller may, so that the checks tell a stranger nothing
  await client
    .json(collectionPath(types.dataSource, project), {
      method: "POST",
      query: { dryRun: "All" },
      body: manifests.dataSource,
    })
    .catch((error: unknown) => {
      throw error instanceof KubeError ? problemOfKubeError(error, imageFormField) : error;
    });
  const fields = imageFields(services, project, body);
  if (fields.length > 0)
    throw new ApiProblem(
      fields.some((field) => field.reason.code === "name-taken") ? "already-exists" : "invalid",
      {
        reason: fields[0]?.reason,
        fields,
      },
    );
  try {
    const made = await client.json<{ metadata?: RawMeta }>(collectionPath(types.dataSource, project), {
      method: "POST",
      body: manifests.dataSource,
    });
    try {
      await client.json(collectionPath(types.dataVolume, project), {
        method: "POST",
        body: manifests.dataVolume(made.metadata?.uid ?? ""),
      });
    } catch (error) {
      const problem = error instanceof KubeError ? problemOfKubeError(error, imageFormField) : error;
      await takenBack(
        problem,
        client.json(objectPath(types.dataSource, body.name, project), { method: "DELETE" }),
      );
    }
  } catch (error) {
    throw error instanceof KubeError ? problemOfKubeError(error, imageFormField) : error;
  }
}

export function imageOperations(services: Services) {
  return {
    createImage: {
      access: "session",
      status: 201,
      audit: ({ params, body }) => ({
        action: "create",
        noun: "image",
        project: params.project,
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, params: { project }, body }) => {
        await createImage(services, caller, project, body);
        await waitForEntry(services.nouns.images, `${project}/${body.name}`, showWithinMs);
        return { project, name: body.name };
      },
    },
    importImage: {
      access: "session",
      status: 201,
      audit: ({ params, body }) => ({
        action: "import",
        noun: "image",
        project: params.project,
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, params: { project }, body }) => {
        await createImage(services, caller, project, body);
        await waitForEntry(services.nouns.images, `${project}/${body.name}`, showWithinMs);
        return { project, name: body.name };
      },
    },
    editImage: {
      access: "session",
      audit: ({ params }) => ({ action: "update", noun: "image", ...params, diff: [] }),
      handle: async (call) => {
        const { caller, body } = call;
        const { project, name } = call.params;
        const entry = await visibleImage(services, caller, project, name);
        // the right first: who may not change it learns nothing of what it says by guessing
        const { edit } = (await services.nouns.images.rowMaker(caller.rights, [entry]))(entry).actions;
        if (!edit.allowed)
          throw new ApiProblem(edit.reason.code === "no-permission" ? "forbidden" : "conflict", {
            reason: edit.reason,
          });
        const { was, ...yours } = body;
        const path = objectPath(types.dataSource, name, project);
        await overNewest(
          async () => caller.client.json<{ metadata?: RawMeta }>(path),
          async ({ metadata = {} }) => {
            const current = imageWordsOf(metadata);
            const { merged, conflicts } = mergeFields(was, { ...current }, yours);
            const changes = jsonDiff(current, merged);
            if (call.audit !== null) call.audit.diff = changes;
            if (conflicts.length > 0)
              throw new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile"), conflicts });
            if (changes.length === 0) return;
            const now = merged as typeof yours; // each field is one of the two sides'
            await caller.client.json(path, {
              method: "PATCH",
              contentType: "application/merge-patch+json",
              body: imagePatch(current, now, metadata.resourceVersion ?? ""),
            });
          },
        );
        return null;
      },
    },
    uploadImage: {
      access: "session",
      bodyKind: "bytes",
      audit: ({ params }) => ({ action: "upload", noun: "image", ...params, diff: [] }),
      handle: async (call) => uploadFile(services, call),
    },
    deleteImage: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "image", ...params, diff: [] }),
      handle: async ({ caller, params: { project, name } }) => {
        const entry = await visibleImage(services, caller, project, name);
        if (entry.image.managedByCron)
          throw new ApiProblem("conflict", { reason: reasonOf("image-managed") });
        await removeImage(services, caller, entry);
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
