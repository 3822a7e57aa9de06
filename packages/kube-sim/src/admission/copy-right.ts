/**
 * Who may copy disks out of a namespace: whoever may `create datavolumes/source` there. Source: CDI's
 * pkg/apiserver/webhooks/clone-auth.go; KubeVirt asks the same for a machine's service account.
 */
import type { User } from "../auth/user.ts";
import type { Authorizer } from "../rbac/authorizer.ts";

/** The refusal's words; undefined where it is allowed. */
export function copyRefusal(authorizer: Authorizer, user: User, from: string): string | undefined {
  const { allowed } = authorizer.authorize(user, {
    verb: "create",
    group: "cdi.kubevirt.io",
    resource: "datavolumes",
    subresource: "source",
    namespace: from,
  });
  if (allowed) return undefined;
  return `User ${user.name} has insufficient permissions in clone source namespace ${from}`;
}
