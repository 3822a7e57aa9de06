/** The lists whose pages are measured, each with what a client without this server would need for the same page. */

export interface ListCase {
  name: string;
  /** Least number of rows the list must have, so that a list that is not there yet is not measured. */
  rows: number;
  path: string;
  /** Full lists of the bare server. */
  bare: readonly string[];
  queries: readonly string[];
}

export const machineCase: ListCase = {
  name: "machines",
  rows: 10_000,
  path: "/api/vms",
  bare: ["/vms", "/vmis"],
  queries: [
    "",
    "sort=name",
    "sort=-created",
    "sort=memory&q=status:running",
    "sort=-cpu&q=label:env=prod",
    "q=cpu%3E4",
    "q=db%20-label:env=dev&sort=host",
    "sort=ip&project=project-07",
    "q=host-123",
    "sort=status&page=100",
  ],
};

export const otherCases: readonly ListCase[] = [
  {
    name: "disks",
    rows: 20_000,
    path: "/api/disks",
    bare: ["/claims", "/datavolumes"],
    queries: [
      "",
      "sort=-size",
      "sort=created&q=status:filling",
      "q=size%3E400Gi&sort=project",
      "q=class:fast-block%20db",
      "project=project-07&sort=-name",
      "sort=storageClass&page=200",
    ],
  },
  {
    name: "hosts",
    rows: 500,
    path: "/api/hosts",
    // a host's row counts its machines and what its pods ask for
    bare: ["/nodes", "/pods", "/vmis"],
    queries: ["", "sort=-name", "q=host-12", "page=5"],
  },
  {
    name: "addresses",
    rows: 40_000,
    path: "/api/objects/address",
    bare: ["/ips"],
    queries: [
      "",
      "sort=-address",
      "q=10.64.20.",
      "q=holder:pod&sort=holder",
      "project=project-07&sort=address",
      "page=400",
    ],
  },
  {
    name: "pods",
    rows: 8000,
    path: "/api/objects/pod",
    bare: ["/pods"],
    queries: ["", "sort=-restarts", "q=host:host-123", "q=prod&sort=host", "project=project-07&page=2"],
  },
  {
    name: "projects",
    rows: 50,
    path: "/api/projects",
    // a project's row counts its machines by their states
    bare: ["/namespaces", "/vms", "/vmis"],
    queries: ["", "sort=-created", "q=project-1"],
  },
];
