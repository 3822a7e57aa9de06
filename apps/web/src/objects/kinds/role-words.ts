/** What the usual roles let somebody do in a project, in words. Roles that are not here are shown by their name alone. */
interface RoleWords {
  label: string;
  says: string;
}

export const roleWords: Readonly<Record<string, RoleWords>> = {
  view: { label: "Viewer", says: "Sees everything but secrets. Changes nothing, opens no console." },
  edit: {
    label: "Editor",
    says: "Makes, changes and deletes machines, disks and workloads, opens consoles, reads secrets. Gives nobody rights.",
  },
  admin: { label: "Administrator", says: "Everything in the project, and says who else is a member." },
  "kubevirt.io:view": { label: "Machine viewer", says: "Sees machines, and nothing else of the project." },
  "kubevirt.io:edit": {
    label: "Machine editor",
    says: "Makes, changes, starts and stops machines and opens their consoles. No disks, images or workloads.",
  },
  "kubevirt.io:admin": {
    label: "Machine administrator",
    says: "Everything with machines, and nothing else of the project.",
  },
  "kubevirt.io:migrate": { label: "Machine mover", says: "Moves running machines between hosts." },
  "cdi.kubevirt.io:view": { label: "Image viewer", says: "Sees imports and images." },
  "cdi.kubevirt.io:edit": { label: "Image editor", says: "Imports, uploads and deletes images." },
  "cdi.kubevirt.io:admin": { label: "Image administrator", says: "Everything with images and imports." },
};

/** `Administrator (admin)`, or the role's own name. */
export function roleLabel(role: string): string {
  const words = roleWords[role];
  return words === undefined ? role : `${words.label} (${role})`;
}
