/** How CDI copies disks, by the strategy of a storage profile. */
export const cloneWords: Readonly<Record<string, string>> = {
  copy: "By copying the data",
  snapshot: "From a snapshot",
  "csi-clone": "By the storage itself",
};
