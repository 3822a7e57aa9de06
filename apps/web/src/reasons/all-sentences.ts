/** Every sentence. A code of the contract without one here does not compile. */
import type { ReasonCode } from "@kubev/api-types/reason-codes";
import { accessSentences } from "./access-sentences.ts";
import { formSentences } from "./form-sentences.ts";
import { hostSentences } from "./host-sentences.ts";
import { machineSentences } from "./machine-sentences.ts";
import { networkSentences } from "./network-sentences.ts";
import type { Sentence } from "./params.ts";
import { storageSentences } from "./storage-sentences.ts";
import { workloadSentences } from "./workload-sentences.ts";

export const allSentences: Record<ReasonCode, Sentence> = {
  ...machineSentences,
  ...storageSentences,
  ...networkSentences,
  ...hostSentences,
  ...formSentences,
  ...accessSentences,
  ...workloadSentences,
};
