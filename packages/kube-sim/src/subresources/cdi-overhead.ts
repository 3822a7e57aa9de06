/**
 * What a file system takes of a claim, as virt-api reads it of CDI's configuration. Its own role says nothing of that: it may
 * read it where CDI's operator lets everybody, and fails elsewhere. Sources: KubeVirt's pkg/virt-api/rest/memorydump.go,
 * pkg/storage/types/cdi.go and pkg/virt-operator/resource/generate/rbac/apiserver.go.
 */
import { internalError } from "../store/status-error.ts";
import type { ActionContext } from "./action.ts";

const CONFIGS = { group: "cdi.kubevirt.io", resource: "cdiconfigs" };
const account = "system:serviceaccount:kubevirt:kubevirt-apiserver";
/** Of a cluster without a configuration. */
const defaultOverhead = "0.06";

/** The share that comes on top; throws the 500 of a configuration that cannot be read or used. */
export function filesystemOverhead(
  { store, authorizer }: ActionContext,
  storageClass: string | undefined,
): number {
  const user = {
    name: account,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kubevirt", "system:authenticated"],
    extra: {},
  };
  const request = { ...CONFIGS, verb: "get", namespace: "", name: "config", subresource: "" };
  if (!authorizer.authorize(user, request).allowed)
    throw internalError(
      `unable to retrieve cdi config: cdiconfigs.cdi.kubevirt.io "config" is forbidden: User "${account}" cannot get resource "cdiconfigs" in API group "cdi.kubevirt.io" at the cluster scope`,
    );
  const config = store.get({ ...CONFIGS, name: "config" });
  if (config === undefined) return Number(defaultOverhead);
  const { filesystemOverhead: overhead } = (config["status"] ?? {}) as {
    filesystemOverhead?: { global?: string; storageClass?: Record<string, string> };
  }; // the CRD's
  if (overhead === undefined) throw internalError("CDI config not initialized");
  const share =
    (storageClass === undefined ? undefined : overhead.storageClass?.[storageClass]) ?? overhead.global ?? "";
  if (share === "" || Number.isNaN(Number(share)))
    throw internalError(
      `failed to parse filesystem overhead as float: strconv.ParseFloat: parsing ${JSON.stringify(share)}: invalid syntax`,
    );
  return Number(share);
}
