/**
 * Nouns that are one Kubernetes kind each and are all listed, read, written and deleted alike. A line here, its shapes in
 * objects/, its rules in the server's objects/ and its page in the browser's objects/ are all that a new one needs.
 * No zod here: the browser imports this file at run time.
 */
interface CatalogLine {
  /** In the console's URLs. */
  plural: string;
  group: string;
  version: string;
  /** The resource in the cluster's URLs. */
  resource: string;
  kind: string;
  namespaced: boolean;
}

export const objectCatalog = {
  "security-group": {
    plural: "security-groups",
    group: "kubeovn.io",
    version: "v1",
    resource: "security-groups",
    kind: "SecurityGroup",
    namespaced: false,
  },
  service: {
    plural: "services",
    group: "",
    version: "v1",
    resource: "services",
    kind: "Service",
    namespaced: true,
  },
} as const satisfies Record<string, CatalogLine>;

export type ObjectNoun = keyof typeof objectCatalog;

export const objectNouns = Object.keys(objectCatalog) as [ObjectNoun, ...ObjectNoun[]]; // keys of the table above

/** Stands for the project of an object that lies in none; no project can be called this. */
export const noProject = "_";
