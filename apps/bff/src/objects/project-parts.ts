/** The objects that a new project is made of, in the order in which they are made. Pure. */
import type { CreateProject } from "@kubev/api-types/projects";
import { consoleAnnotations, consoleLabels, managedByValue } from "../domain/console-labels.ts";
import { roleBindingKind } from "./kinds/access.ts";
import { limitRangeKind, resourceQuotaKind } from "./kinds/quota.ts";

interface ProjectPart {
  noun: "resource-quota" | "limit-range" | "role-binding";
  name: string;
  manifest: Record<string, unknown>;
  /** Where in the form it came from. */
  field: string;
}

/** What the console keeps of a project's words beside its labels. */
export function projectAnnotations(words: { displayName: string; description: string }) {
  return {
    [consoleAnnotations.displayName]: words.displayName === "" ? null : words.displayName,
    [consoleAnnotations.description]: words.description === "" ? null : words.description,
  };
}

export function namespaceOf(body: CreateProject) {
  const annotations = Object.entries(projectAnnotations(body)).filter(([, value]) => value !== null);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: body.name,
      labels: {
        ...body.labels,
        [consoleLabels.managedBy]: managedByValue,
        [consoleLabels.project]: "true",
      },
      annotations: Object.fromEntries(annotations),
    },
  };
}

/** A name made of what a membership says: `bob-admin`. */
function memberName(member: string, role: string, taken: ReadonlySet<string>): string {
  const base =
    `${member}-${role}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(0, 58)
      .replaceAll(/^-+|-+$/g, "") || "member";
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(name)) return name;
  }
}

export function projectParts(body: CreateProject): ProjectPart[] {
  const parts: ProjectPart[] = [];
  const quota = { name: "quota", hard: body.quota };
  if (body.quota.length > 0)
    parts.push({
      noun: "resource-quota",
      name: quota.name,
      manifest: resourceQuotaKind.form?.manifest(quota, body.name, null) ?? {},
      field: "quota",
    });
  const limits = { name: "limits", lines: body.limits };
  if (body.limits.length > 0)
    parts.push({
      noun: "limit-range",
      name: limits.name,
      manifest: limitRangeKind.form?.manifest(limits, body.name, null) ?? {},
      field: "limits",
    });
  const taken = new Set<string>();
  body.members.forEach((member, index) => {
    const name = memberName(member.name, member.role, taken);
    taken.add(name);
    const subjects = [{ kind: member.kind, name: member.name, project: "" }];
    parts.push({
      noun: "role-binding",
      name,
      manifest:
        roleBindingKind.form?.manifest(
          { name, role: member.role, roleKind: "ClusterRole", subjects },
          body.name,
          null,
        ) ?? {},
      field: `members.${index}.role`,
    });
  });
  return parts;
}
