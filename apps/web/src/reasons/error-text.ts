/** Every failure as: what failed, what to do, the cluster's words, and the details worth copying. */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import { ApiError, type FailureCode } from "../api/api-error.ts";
import { hasSentence, isMissingRight, reasonText } from "./reason-text.ts";

const headline: Record<FailureCode, string> = {
  unauthenticated: "You are not signed in.",
  "session-expired": "Your session has ended.",
  "sign-in-refused": "The sign-in was refused.",
  forbidden: "You have no right to see or do this.",
  "not-found": "This does not exist, or you may not see it.",
  conflict: "Somebody else changed this meanwhile.",
  "already-exists": "This name is already used.",
  invalid: "Some fields need to be corrected.",
  "bad-request": "The console sent something the server did not understand.",
  "too-large": "This is larger than the console takes.",
  "rate-limited": "Too many requests in a short time.",
  "origin-refused": "The request came from another site and was refused.",
  "ticket-refused": "The console's ticket was no longer valid.",
  "console-busy": "Somebody else is connected to this console.",
  "image-refused": "The file was not accepted as an image.",
  "upload-incomplete": "The upload did not arrive completely.",
  "capability-missing": "The cluster does not have the part that this needs.",
  "upstream-unavailable": "The cluster does not answer.",
  "upstream-timeout": "The cluster took too long to answer.",
  "upstream-error": "The cluster answered with an error.",
  "store-unavailable": "The console's database does not answer.",
  draining: "The console is restarting.",
  internal: "The console met a fault of its own.",
  network: "The console's server cannot be reached.",
  unreadable: "The answer could not be read.",
};

const advice: Partial<Record<FailureCode, string>> = {
  forbidden: "Ask whoever manages this project to give you the right.",
  "not-found": "Check the name and the project, or go back to the list.",
  conflict: "Load the current state and make the change again.",
  "rate-limited": "Wait a moment, then try again.",
  "upstream-unavailable": "This usually passes. If it stays, tell an operator.",
  "upstream-timeout": "This usually passes. If it stays, tell an operator.",
  "store-unavailable": "Tell an operator. What you see may be incomplete.",
  draining: "Try again in a few seconds.",
  internal: "Try again. If it stays, send the details to an operator.",
  network: "Check your connection. The page tries again by itself.",
  unreadable: "Something between you and the console may have answered instead of it.",
  "capability-missing": "Ask an operator to install it.",
};

/** Whether what was asked for may have been done: the server says so; where no answer of its own came, by what it was. */
const isOutcomeUnknown = ({ code, detail, operation }: ApiError): boolean | undefined =>
  detail ? detail.outcomeUnknown : endpointPaths[operation].changes && code !== "upload-incomplete";

export interface ErrorText {
  title: string;
  advice: string | undefined;
  upstreamText: string | undefined;
  details: string;
}

/** `what` says what was tried, e.g. "The list of machines could not be loaded." */
export function errorText(error: unknown, what?: string): ErrorText {
  if (!(error instanceof ApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      title: what ?? "Something failed in this page.",
      advice: message,
      upstreamText: undefined,
      details: message,
    };
  }
  const reason = error.detail?.reason;
  const failure = reason === undefined ? headline[error.code] : reasonText(reason);
  const unknown = isOutcomeUnknown(error);
  const cause = unknown ? `${failure} ${reasonText({ code: "outcome-unknown" })}` : failure;
  // a missing right says by itself whom to ask
  const asks = reason !== undefined && isMissingRight(reason);
  const upstreamText = error.detail?.upstream?.message ?? error.detail?.reason?.upstreamText;
  return {
    title: what ?? cause,
    advice:
      [what === undefined ? undefined : cause, asks || unknown ? undefined : advice[error.code]]
        .filter(Boolean)
        .join(" ") || undefined,
    upstreamText,
    details: JSON.stringify(
      {
        operation: error.operation,
        httpStatus: error.httpStatus,
        code: error.code,
        ...error.detail,
        at: new Date().toISOString(),
      },
      null,
      2,
    ),
  };
}

/** The sentence of a bare code from a URL, be it an error's or a reason's. Never the text itself: a URL may be forged. */
export function codeText(code: string): string {
  if (code in headline) return headline[code as FailureCode]; // as: the line before
  return hasSentence(code) ? reasonText({ code }) : "The sign-in did not succeed. Try again.";
}

/** One line for a toast. */
export function errorLine(error: unknown): string {
  const text = errorText(error);
  return text.upstreamText === undefined ? text.title : `${text.title} ${text.upstreamText}`;
}
