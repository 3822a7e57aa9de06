/** Every reason as one whole sentence. */
import type { Reason } from "@kubev/api-types/reason";
import { useEffect, useSyncExternalStore } from "react";
import { accessSentences } from "./access-sentences.ts";
import { machineSentences } from "./machine-sentences.ts";
import { paramsOf, type Sentence } from "./params.ts";

/** Those of the first screen at once; pages wait for the rest beside their own code (lazy-page.tsx). */
const firstSentences: Readonly<Record<string, Sentence>> = { ...machineSentences, ...accessSentences };
let sentences = firstSentences;

let loading: Promise<void> | null = null;
/** The last attempt brought nothing. */
let failed = false;

/** Brings all sentences, once. */
export function loadSentences(): Promise<void> {
  loading ??= import("./all-sentences.ts").then(
    ({ allSentences }) => {
      sentences = allSentences;
      failed = false;
      for (const told of waiting) told();
    },
    (error: unknown) => {
      loading = null;
      failed = true;
      for (const told of waiting) told();
      throw error;
    },
  );
  return loading;
}

const waiting = new Set<() => void>();

/**
 * Whether all sentences are there, for what may show a reason before a page has brought them: it waits, since a code is no
 * sentence, and says something of its own where they cannot be had. `needed` brings them at once; each new text of it tries again.
 */
export function useSentences(needed: string): "there" | "waiting" | "failed" {
  useEffect(() => {
    if (needed !== "") void loadSentences().catch(() => undefined);
  }, [needed]);
  return useSyncExternalStore(
    (told) => {
      waiting.add(told);
      return () => waiting.delete(told);
    },
    () => (sentences !== firstSentences ? "there" : failed ? "failed" : "waiting"),
  );
}

export function hasSentence(code: string): boolean {
  return code in sentences;
}

/** The sentence of `reason`; of a code this browser does not know yet, the cluster's words or the code itself. */
export function reasonText(reason: Reason): string {
  const sentence = sentences[reason.code];
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
    : `${text} “${reason.upstreamText}”`;
}

/** What of the sentence and the cluster's words does not stand in `shown`. */
export function unshownOf(reason: Reason, shown = ""): string {
  const whole = reasonWithCause(reason);
  return whole.startsWith(shown) ? whole.slice(shown.length) : whole;
}
