/** Images: a DataSource and the DataVolume that an upload fills. */
import type { ImageCreate } from "@kubev/api-types/images";
import type { FieldError } from "@kubev/api-types/errors";
import { consoleAnnotations, consoleLabels, managedByValue } from "../domain/console-labels.ts";
import { bytesQuantity } from "../domain/quantity.ts";
import { reasonOf } from "../domain/reasons.ts";
import { inScope } from "../access/rights.ts";
import { usableClass } from "../domain/storage-checks.ts";
import type { Manifest } from "../domain/vm-manifest.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import type { ImageEntry } from "../inventory/images.ts";
import type { RawMeta, RawObject } from "../inventory/raw.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { storageFacts } from "./storage-facts.ts";
import { uploadImage } from "./image-upload.ts";
import type { Operations } from "./operation.ts";

const showWithinMs = 3000;

/** The two objects of an image that waits for its file. The DataSource owns the DataVolume, so both go together. */
export function imageManifests(
  project: string,
  image: ImageCreate,
): { dataSource: Manifest; dataVolume: (owner: string) => Manifest } {
  const labels = {
    [consoleLabels.managedBy]: managedByValue,
    [consoleLabels.media]: image.media,
    ...(image.defaultInstanceType === ""
      ? {}
      : { "instancetype.kubevirt.io/default-instancetype": image.defaultInstanceType }),
    ...(image.defaultPreference === ""
      ? {}
      : { "instancetype.kubevirt.io/default-preference": image.defaultPreference }),
  };
  return {
    dataSource: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataSource",
      metadata: {
        name: image.name,
        namespace: project,
        labels,
        ...(image.displayName === ""
          ? {}
          : { annotations: { [consoleAnnotations.displayName]: image.displayName } }),
      },
      spec: { source: { pvc: { name: image.name, namespace: project } } },
    },
    dataVolume: (owner) => ({
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: {
        name: image.name,
        namespace: project,
        labels: { [consoleLabels.managedBy]: managedByValue, [consoleLabels.image]: image.name },
        annotations: {
          // else a WaitForFirstConsumer class would wait for a machine that cannot be made yet
          "cdi.kubevirt.io/storage.bind.immediate.requested": "true",
          [consoleAnnotations.uploadBytes]: String(image.fileSizeBytes),
        },
        ownerReferences: [
          { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "DataSource", name: image.name, uid: owner },
        ],
      },
      spec: {
        contentType: "kubevirt",
        source: { upload: {} },
        storage: {
          resources: { requests: { storage: bytesQuantity(image.diskSizeBytes) } },
          ...(image.storageClass === "" ? {} : { storageClassName: image.storageClass }),
        },
      },
    }),
  };
}

function imageFields(services: Services, project: string, image: ImageCreate): FieldError[] {
  const { feeds } = services.inventory;
  const { maxUploadBytes } = services.config;
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
  if (/resources|storage|size/i.test(field)) return "diskSizeBytes";
  return /metadata\.name|^name/.test(field) ? "name" : null;
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
  });
}

/**
 * Whether the claim behind an image was made for that image alone. One that a person brought himself, that another
 * image names or that a machine uses stays. Asked as the caller; what he may not read is not his to delete.
 */
async function isOwnDisk(services: Services, caller: Caller, { image }: ImageEntry): Promise<boolean> {
  const { claimName, claimNamespace } = image;
  if (claimName === "" || claimNamespace !== image.namespace) return false;
  for (const other of services.inventory.feeds.images.table.values())
    if (other.uid !== image.uid && other.claimName === claimName && other.claimNamespace === claimNamespace)
      return false;
  if (services.nouns.vmIndex.usersOfClaim(claimNamespace, claimName).length > 0) return false;
  try {
    const { metadata } = await caller.client.json<RawObject>(
      objectPath(types.dataVolume, claimName, claimNamespace),
    );
    return (
      metadata?.labels?.[consoleLabels.image] === image.name ||
      (metadata?.ownerReferences ?? []).some((owner) => owner.uid === image.uid)
    );
  } catch (error) {
    if (error instanceof KubeError && (error.status === 404 || error.status === 403)) return false;
    throw error;
  }
}

export function imageOperations(services: Services) {
  const visible = async (caller: Caller, project: string, name: string) => {
    const noun = services.nouns.images;
    noun.flush();
    const entry = noun.index.get(`${project}/${name}`);
    if (entry === undefined || !inScope(await noun.scope(caller.rights), project))
      throw new ApiProblem("not-found");
    return entry;
  };

  return {
    getImage: {
      access: "session",
      handle: async ({ caller, params: { project, name } }) => {
        const entry = await visible(caller, project, name);
        return (await services.nouns.images.rowMaker(caller.rights, [project]))(entry);
      },
    },
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
            await client
              .json(objectPath(types.dataSource, body.name, project), { method: "DELETE" })
              .catch(() => {}); // the first failure is reported
            throw error;
          }
        } catch (error) {
          throw error instanceof KubeError ? problemOfKubeError(error, imageFormField) : error;
        }
        await waitForEntry(services.nouns.images, `${project}/${body.name}`, showWithinMs);
        return { project, name: body.name };
      },
    },
    uploadImage: {
      access: "session",
      bodyKind: "bytes",
      audit: ({ params }) => ({ action: "upload", noun: "image", ...params, diff: [] }),
      handle: async (call) => uploadImage(services, call),
    },
    deleteImage: {
      access: "session",
      audit: ({ params }) => ({ action: "delete", noun: "image", ...params, diff: [] }),
      handle: async ({ caller, params: { project, name } }) => {
        const entry = await visible(caller, project, name);
        if (entry.image.managedByCron)
          throw new ApiProblem("conflict", { reason: reasonOf("image-managed") });
        const { client } = caller;
        const ownDisk = await isOwnDisk(services, caller, entry);
        await client.json(objectPath(types.dataSource, name, project), {
          method: "DELETE",
          body: {
            apiVersion: "v1",
            kind: "DeleteOptions",
            // a disk that stays must not go as a dependent either
            propagationPolicy: ownDisk ? "Background" : "Orphan",
          },
        });
        const { claimName } = entry.image;
        if (ownDisk) {
          await ignoreMissing(
            client.json(objectPath(types.dataVolume, claimName, project), { method: "DELETE" }),
          );
          await ignoreMissing(client.json(objectPath(types.claim, claimName, project), { method: "DELETE" }));
        }
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
