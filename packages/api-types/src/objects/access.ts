/** Who may do what in a project: RoleBinding and ServiceAccount of Kubernetes. */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";

const memberSubject = z.strictObject({
  kind: z.enum(["User", "Group", "ServiceAccount"]),
  name: z.string().min(1).max(253),
  /** Of service accounts; '' stands for the binding's own project. */
  project: z.string().max(63).default(""),
});

export const roleBinding = {
  facts: z.object({
    role: z.string(),
    /** A ClusterRole is the platform's, a Role the project's own. */
    roleKind: z.enum(["ClusterRole", "Role"]),
    subjects: z.array(z.object({ kind: z.string(), name: z.string(), project: z.string() })),
  }),
  detail: z.object({
    /** What the role allows: absent rules mean that it is not there. */
    roleKnown: z.boolean(),
  }),
  spec: z.strictObject({
    name: labelName,
    role: z.string().min(1).max(253),
    roleKind: z.enum(["ClusterRole", "Role"]).default("ClusterRole"),
    subjects: z.array(memberSubject).min(1).max(100),
  }),
};

export const serviceAccount = {
  facts: z.object({ roles: z.array(z.string()) }),
  detail: z.object({ userName: z.string(), mountsToken: z.boolean() }),
  spec: z.strictObject({ name: labelName }),
};
