/** What kube-sim knows of one resource type: its names, scope and how tables print it. */
import type { GroupResource } from "../store/object-store.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** Name, type, JSON path and (where not 0) priority of a table column, as in a CRD's additionalPrinterColumns. */
export type PrinterColumn = readonly [
  name: string,
  type: string,
  jsonPath: string,
  priority?: number,
  description?: string,
  format?: string,
];

export interface Kind extends GroupResource {
  kind: string;
  singular: string;
  /** Served versions, preferred first. */
  versions: readonly string[];
  /** The version objects are kept in. */
  storageVersion: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  /** Defined by a CustomResourceDefinition: no strategic merge, stricter Status texts. */
  custom: boolean;
  /** Has /status, so that writes of the main resource leave status alone. */
  statusSubresource: boolean;
  /** Paths of /scale, where it is served. */
  scale: { specReplicasPath: string; statusReplicasPath: string; selectorPath: string } | null;
  columns: readonly PrinterColumn[];
  /** Counts metadata.generation up when anything but metadata (and status) changes. */
  generation: boolean;
  /** Of kinds that a user defined: the schema of the version that this is a view of, or of the storage version. */
  schema?: StructuralSchema;
  /** JSON paths that fields may be selected by besides name and namespace: `.spec.colour`. */
  selectableFields?: readonly string[];
  /** The kind as its served versions have it, where they differ. */
  views?: ReadonlyMap<string, Kind>;
  /** Versions that objects may be stored in and that are not served. */
  unserved?: readonly string[];
  /** What clients of the version are warned of. */
  deprecation?: string;
}

/** The kind as one of its versions has it. */
export const kindInVersion = (kind: Kind, version: string): Kind => kind.views?.get(version) ?? kind;

export interface KindOptions {
  namespaced?: boolean;
  shortNames?: readonly string[];
  categories?: readonly string[];
  statusSubresource?: boolean;
  scale?: Kind["scale"];
  columns?: readonly PrinterColumn[];
  generation?: boolean;
  singular?: string;
  storageVersion?: string;
  /** By version: what its clients are warned of. */
  deprecated?: Readonly<Record<string, string>>;
}

function defineKind(
  custom: boolean,
  group: string,
  versions: readonly string[],
  resource: string,
  kind: string,
  options: KindOptions,
): Kind {
  const storageVersion = options.storageVersion ?? versions[0];
  if (storageVersion === undefined) throw new Error(`kind ${kind} has no version`);
  const made: Kind = {
    group,
    resource,
    kind,
    versions,
    storageVersion,
    singular: options.singular ?? kind.toLowerCase(),
    namespaced: options.namespaced ?? true,
    shortNames: options.shortNames ?? [],
    categories: options.categories ?? [],
    custom,
    statusSubresource: options.statusSubresource ?? false,
    scale: options.scale ?? null,
    columns: options.columns ?? [],
    generation: options.generation ?? custom,
  };
  if (options.deprecated === undefined) return made;
  const warned = Object.entries(options.deprecated);
  return {
    ...made,
    views: new Map(warned.map(([version, deprecation]) => [version, { ...made, deprecation }])),
  };
}

/** A type that the real API server has compiled in. */
export const builtin = (
  group: string,
  versions: readonly string[],
  resource: string,
  kind: string,
  options: KindOptions = {},
): Kind => defineKind(false, group, versions, resource, kind, options);

/** A type that a CustomResourceDefinition brings. */
export const customKind = (
  group: string,
  versions: readonly string[],
  resource: string,
  kind: string,
  options: KindOptions = {},
): Kind => defineKind(true, group, versions, resource, kind, options);

export const apiVersionOf = (group: string, version: string): string =>
  group === "" ? version : `${group}/${version}`;

/** `virtualmachines.kubevirt.io`, or `pods` for the core group: how Status messages name a resource. */
export const qualifiedResource = (kind: GroupResource): string =>
  kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;

/** `VirtualMachine.kubevirt.io`, or `Pod`: how Invalid messages name a kind. */
export const qualifiedKind = (kind: Kind): string =>
  kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
