/** What every section of the create form gets. */
import type { VmDraft } from "./draft.ts";
import type { ChangeDraft } from "./use-vm-draft.ts";

export interface SectionProps {
  project: string;
  draft: VmDraft;
  change: ChangeDraft;
  /** The error at an API path such as `sizing.name`, to be shown now. */
  errorAt: (path: string) => string | undefined;
}
