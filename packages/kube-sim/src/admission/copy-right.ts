/**
 * Who may copy disks out of a namespace: whoever may `create datavolumes/source` there, or make pods there (and, for a snapshot,
 * "pvcs" as well, as CDI asks it). Source: CDI's authorize_utils.go; KubeVirt asks the same for a machine's service account.
 */
import type { User } from "../auth/user.ts";
import type { Authorizer } from "../rbac/authorizer.ts";

/** The refusal's words; undefined where it is allowed. */
export function copyRefusal(
  authorizer: Authorizer,
  user: User,
  from: string,
  source: "claim" | "snapshot" = "claim",
): string | undefined {
  const mayCreate = (resource: string, group = "", subresource = "") =>
    authorizer.authorize(user, { verb: "create", group, resource, subresource, namespace: from }).allowed;
  if (mayCreate("datavolumes", "cdi.kubevirt.io", "source")) return undefined;
  if (mayCreate("pods") && (source === "claim" || mayCreate("pvcs"))) return undefined;
  return `User ${user.name} has insufficient permissions in clone source namespace ${from}`;
}
