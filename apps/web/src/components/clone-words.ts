/** How CDI copies disks. */

/** The strategies of a storage profile, as a form offers them. */
export const cloneStrategies = [
  { value: "csi-clone", label: "By the storage itself" },
  { value: "snapshot", label: "From a snapshot" },
  { value: "copy", label: "By copying the data" },
] as const;

/** Undefined for a strategy that is not known, '' among them. */
export const cloneWord = (strategy: string): string | undefined =>
  cloneStrategies.find(({ value }) => value === strategy)?.label;
