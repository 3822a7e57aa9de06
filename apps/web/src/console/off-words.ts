/** Why a console is not tried at all, in words: the machine does not run, lacks the device, or the person may not. */
import type { ConsoleKind } from "@kubev/api-types/consoles";
import type { ActionDecision } from "@kubev/api-types/reason";
import { isMissingRight, missingRightDetail, reasonText } from "../reasons/reason-text.ts";

export interface OffWords {
  title: string;
  detail: string;
  /** Kubernetes' own words of a missing right. */
  raw?: string | undefined;
}

/** `null` while the console may be opened. Only a machine that will run later is promised a connection. */
export function offWords(decision: ActionDecision, kind: ConsoleKind): OffWords | null {
  if (decision.allowed) return null;
  const { reason } = decision;
  if (isMissingRight(reason))
    return {
      title: kind === "vnc" ? "You may not open this screen" : "You may not open this console",
      detail: "Ask an administrator of the project or the platform for the right to open it.",
      raw: missingRightDetail(reason),
    };
  if (reason.code === "rights-unknown")
    return { title: "Your rights are not known", detail: reasonText(reason) };
  if (reason.code === "vm-no-graphics" || reason.code === "vm-no-serial")
    return {
      title: kind === "vnc" ? "There is no screen" : "There is no serial console",
      detail: reasonText(reason),
    };
  return {
    title: "Not running",
    detail: `${reasonText(reason)} The console connects by itself once it runs.`,
  };
}
