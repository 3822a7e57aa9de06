/** Answers create, update and delete of stored objects. */
import { withoutEmptyCollections } from "../schema/empty-collections.ts";
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import { schemaOfKind } from "../schema/structural-schema.ts";
import type { AdmissionRequest } from "../admission/admission.ts";
import { DEFINITIONS } from "../custom-resources/definition.ts";
import { holdForCleanup } from "../custom-resources/definition-controller.ts";
import { asVersion } from "../store/encoded-object.ts";
import { type RemovalOptions, withGrace } from "../store/deletion.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { Writer } from "../store/managed-fields.ts";
import type { WriteScope } from "../store/write-merge.ts";
import type { ObjectKey } from "../store/object-store.ts";
import { badRequest, invalid, notFound, staleVersion, type Status } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { withoutUnknownFields } from "./field-validation.ts";
import { readIncomingObject, readReplacement } from "./incoming-object.ts";
import { sendObject, sendValue } from "./object-answer.ts";
import { addWarning } from "./reply.ts";
import { readWholeBody } from "./request-body.ts";
import { readDeleteOptions, readDryRun, readFieldManager } from "./write-options.ts";

export const keyOf = (call: ResourceCall): ObjectKey => ({
  group: call.kind.group,
  resource: call.kind.resource,
  ...(call.kind.namespaced ? { namespace: call.info.namespace } : {}),
  name: call.info.name,
});

export const admissionRequest = (
  call: ResourceCall,
  operation: AdmissionRequest["operation"],
  dryRun: boolean,
  old?: KubeObject,
): AdmissionRequest => ({
  operation,
  kind: call.kind,
  group: call.info.group,
  namespace: call.info.namespace,
  name: call.info.name,
  subresource: call.info.subresource,
  user: call.user,
  dryRun,
  warn: (text) => addWarning(call.response, text),
  ...(old === undefined ? {} : { old }),
});

export async function handleCreate(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, url, kind, info } = call;
  const dryRun = readDryRun(url.searchParams.getAll("dryRun"), "CreateOptions");
  const body = await readWholeBody(request);
  const sent = readIncomingObject(body.value, kind, info);
  const object = withoutUnknownFields(call, sent, "sent", body.faults);
  if (object.metadata.resourceVersion !== undefined && object.metadata.resourceVersion !== "") {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  if (!object.metadata.name && !object.metadata.generateName) {
    throw invalid(kind, "", [
      {
        reason: "FieldValueRequired",
        message: "Required value: name or generateName is required",
        field: "metadata.name",
      },
    ]);
  }
  const created = createObject(context, call, object as KubeObject, updateBy(call), dryRun);
  sendObject(context, call, 201, created);
}

/** The writer that a plain create or update counts as. */
export const updateBy = (call: ResourceCall): Writer => ({
  manager: readFieldManager(call.request, call.url),
  operation: "Update",
});

/** Admits and stores a new object. */
export function createObject(
  context: ApiContext,
  call: ResourceCall,
  object: KubeObject,
  writer: Writer,
  dryRun: boolean,
): KubeObject {
  const { kind } = call;
  const {
    uid: _uid,
    creationTimestamp: _created,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    managedFields: _managed,
    ...metadata
  } = object.metadata;
  const { status: _status, ...content } = object;
  const clean = {
    ...(kind.statusSubresource ? content : object),
    metadata: { ...metadata, name: context.store.nameFor(object) } as KubeObject["metadata"], // the store fills in the rest
  } as KubeObject; // has apiVersion and kind
  const admitted = tidied(kind, context.admission.admit(clean, admissionRequest(call, "CREATE", dryRun)));
  const created = context.store.insert(admitted, { writer, dryRun });
  context.store.flush();
  return created;
}

export async function handleUpdate(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, url, kind, info } = call;
  const dryRun = readDryRun(url.searchParams.getAll("dryRun"), "UpdateOptions");
  const body = await readWholeBody(request);
  const sent = readReplacement(body.value, kind, info);
  const object = withoutUnknownFields(call, sent, "sent", body.faults);
  const old = context.store.get(keyOf(call));
  if (old === undefined) throw notFound(kind, info.name);
  if (kind.custom && !object.metadata.resourceVersion) {
    throw invalid(kind, info.name, [
      {
        reason: "FieldValueInvalid",
        message: "Invalid value: 0: must be specified for an update",
        field: "metadata.resourceVersion",
      },
    ]);
  }
  const updated = updateObject(context, call, old, object, updateBy(call), dryRun);
  sendObject(context, call, 200, updated);
}

/** Which part a request to this path may write. */
export function scopeOf(kind: Kind, subresource: string): WriteScope {
  if (subresource === "status") return "status";
  return kind.statusSubresource ? "main" : "all";
}

export function updateObject(
  context: ApiContext,
  call: ResourceCall,
  old: KubeObject,
  object: KubeObject,
  writer: Writer,
  dryRun: boolean,
): KubeObject {
  const { info, kind } = call;
  const { resourceVersion } = object.metadata;
  // what was read before somebody else's change is not judged by what it would change back
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
    throw staleVersion(kind, old.metadata.name);
  checkFinalizers(kind, old, object);
  const merged: KubeObject =
    info.subresource === "status" ? { ...old, metadata: object.metadata, status: object["status"] } : object;
  const admitted = tidied(
    kind,
    context.admission.admit(merged, admissionRequest(call, "UPDATE", dryRun, old)),
  );
  const updated = context.store.replace(admitted, scopeOf(kind, info.subresource), {
    writer: { ...writer, ...(info.subresource === "" ? {} : { subresource: info.subresource }) },
    dryRun,
  });
  context.store.flush();
  return updated;
}

function tidied(kind: Kind, object: KubeObject): KubeObject {
  const schema = kind.custom ? undefined : schemaOfKind(kind, kind.storageVersion);
  return schema === undefined ? object : (withoutEmptyCollections(object, schema) as KubeObject); // still that object
}

/** An object on its way out takes no new finalizers. */
function checkFinalizers(kind: Kind, old: KubeObject, next: KubeObject): void {
  if (old.metadata.deletionTimestamp === undefined) return;
  const added = (next.metadata.finalizers ?? []).filter((name) => !old.metadata.finalizers?.includes(name));
  if (added.length === 0) return;
  throw invalid(kind, old.metadata.name, [
    {
      reason: "FieldValueForbidden",
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => `"${name}"`).join(", ")}}`,
      field: "metadata.finalizers",
    },
  ]);
}

const RETURNS_OBJECT = new Set([
  "pods",
  "services",
  "serviceaccounts",
  "persistentvolumes",
  "persistentvolumeclaims",
  "resourcequotas",
]);

/** How an object of the call's kind goes. */
const removalOf = (
  { store }: ApiContext,
  { kind }: ResourceCall,
  object: KubeObject,
  options: RemovalOptions,
): RemovalOptions =>
  kind.resource === DEFINITIONS.resource
    ? holdForCleanup(store, object.metadata.name, options)
    : withGrace(object, options);

export async function handleDelete(context: ApiContext, call: ResourceCall): Promise<void> {
  const { kind, info } = call;
  const options = await readDeleteOptions(call.request, call.url);
  const old = context.store.get(keyOf(call));
  if (old === undefined) throw notFound(kind, info.name);
  context.admission.admit(old, admissionRequest(call, "DELETE", options.dryRun === true, old));
  const removed = context.store.remove(keyOf(call), removalOf(context, call, old, options));
  if (removed === undefined) throw notFound(kind, info.name);
  context.store.flush();
  if (!removed.gone || RETURNS_OBJECT.has(kind.resource)) {
    sendObject(context, call, 200, removed.object);
    return;
  }
  const done: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: info.name,
      ...(kind.group === "" ? {} : { group: kind.group }),
      kind: kind.resource,
      uid: removed.object.metadata.uid,
    },
  };
  sendValue(call, 200, done);
}

export async function handleDeleteCollection(
  context: ApiContext,
  call: ResourceCall,
  matches: ((object: KubeObject) => boolean) | undefined,
): Promise<void> {
  const { kind, info } = call;
  const options = await readDeleteOptions(call.request, call.url);
  const namespace = info.namespace === "" ? undefined : info.namespace;
  const removed: KubeObject[] = [];
  for (const object of context.store.snapshot(kind, namespace)) {
    if (matches !== undefined && !matches(object)) continue;
    const { name } = object.metadata;
    context.admission.admit(object, {
      ...admissionRequest(call, "DELETE", options.dryRun === true, object),
      name,
    });
    const key = {
      group: kind.group,
      resource: kind.resource,
      name,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
    };
    const outcome = context.store.remove(key, removalOf(context, call, object, options));
    if (outcome !== undefined) removed.push(outcome.object);
  }
  context.store.flush();
  const apiVersion = apiVersionOf(info.group, info.version);
  sendValue(call, 200, {
    kind: `${kind.kind}List`,
    apiVersion,
    metadata: { resourceVersion: String(context.store.version) },
    items: removed.map((object) => asVersion(object, apiVersion, kind.schema)),
  });
}
