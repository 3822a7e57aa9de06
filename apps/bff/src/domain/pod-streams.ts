/** Who may follow what containers write. */
import type { NeededRight } from "./vm-actions.ts";

export const readLogRight = {
  verb: "get",
  group: "",
  resource: "pods",
  subresource: "log",
} as const satisfies NeededRight;
