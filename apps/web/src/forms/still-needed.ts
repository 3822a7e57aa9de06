/** What a preview says while fields are empty without which the cluster need not be asked. */
export const stillNeeded = (labels: readonly string[]): string =>
  `Needed: ${[...new Set(labels)].join(", ")}. Then the cluster is asked, and what would be stored is shown here.`;
