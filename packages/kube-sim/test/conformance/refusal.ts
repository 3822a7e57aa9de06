/** One object that no API server takes, and what is wrong with it. */

export interface Refusal {
  what: string;
  /** `configmaps`, `apps/v1/deployments`; with a leading `/` for what is in no namespace. */
  collection: string;
  /** Where servers before 1.25 know the kind in a beta only. */
  olderCollection?: string;
  object: object;
  /** Where the object as it is in `object` is fine, and this is not what may become of it. */
  changed?: object;
  /** Each `field: message`. */
  causes: readonly string[];
  /** Where servers before `before` (36 for 1.36; about, between those that were asked) say it otherwise or, with none, let it be. */
  older?: { before: number; causes: readonly string[] };
}
