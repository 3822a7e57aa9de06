/** Refusals in the form that KubeVirt's and CDI's admission webhooks give them. */
import { type StatusCause, StatusError } from "../store/status-error.ts";

/** As many causes as the message lists before it only counts. */
const MOST_CAUSES = 10;

/** 422 with causes, or undefined when nothing is wrong. */
export function refuseWithCauses(webhook: string, causes: StatusCause[]): StatusError | undefined {
  if (causes.length === 0) return undefined;
  const shown = causes.slice(0, MOST_CAUSES).map((cause) => cause.message ?? "");
  const rest = causes.length - shown.length;
  const text = rest > 0 ? `${shown.join(", ")}, and ${rest} more validation errors` : shown.join(", ");
  return new StatusError(422, "Invalid", `admission webhook "${webhook}" denied the request: ${text}`, {
    causes,
  });
}

/** 400 without a reason: how a webhook refuses what it could not read or what the state forbids. */
export const refusePlainly = (webhook: string, text: string): StatusError =>
  new StatusError(400, undefined, `admission webhook "${webhook}" denied the request: ${text}`);
