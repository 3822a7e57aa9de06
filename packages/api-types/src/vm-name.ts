/** How long a machine's name may be, without zod, for the browser too. */

/** Names of its Secret and disks grow from it and are labels of 63 characters; KubeVirt accepts more and fails later. */
export const longestVmName = 63 - "-cloud-init".length;
