/** Every reason as one whole sentence. A code of the contract without a sentence here does not compile. */
import type { Reason } from "@kubev/api-types/reason";
import type { ReasonCode } from "@kubev/api-types/reason-codes";
import { accessSentences } from "./access-sentences.ts";
import { formSentences } from "./form-sentences.ts";
import { hostSentences } from "./host-sentences.ts";
import { machineSentences } from "./machine-sentences.ts";
import { networkSentences } from "./network-sentences.ts";
import { paramsOf, type Sentence } from "./params.ts";
import { storageSentences } from "./storage-sentences.ts";

export const sentences: Record<ReasonCode, Sentence> = {
  ...machineSentences,
  ...storageSentences,
  ...networkSentences,
  ...hostSentences,
  ...formSentences,
  ...accessSentences,
};

/** The sentence of `reason`; of a code this browser does not know yet, the cluster's words or the code itself. */
export function reasonText(reason: Reason): string {
  const sentence: Sentence | undefined = (sentences as Record<string, Sentence | undefined>)[reason.code]; // as: the wire may carry newer codes
  if (sentence) return sentence(paramsOf(reason)).replace(/\s+([.,])/g, "$1");
  return reason.upstreamText ?? `Reason: ${reason.code}.`;
}

/** Whether the person lacks a right, so that no change of state would help. */
export function isMissingRight(reason: Reason): boolean {
  return reason.code === "no-permission";
}

/** Kubernetes' own words of a missing right, `update virtualmachines/start`, for whoever grants it. */
export function missingRightDetail(reason: Reason): string | undefined {
  const verb = reason.params?.["verb"];
  const resource = reason.params?.["resource"];
  return !isMissingRight(reason) || verb === undefined || resource === undefined
    ? undefined
    : `${verb} ${resource}`;
}

/** The sentence and, where the cluster said more, its own words behind it. */
export function reasonWithCause(reason: Reason): string {
  const text = reasonText(reason);
  return reason.upstreamText === undefined || reason.upstreamText === text
    ? text
    : `${text} ${reason.upstreamText}`;
}
