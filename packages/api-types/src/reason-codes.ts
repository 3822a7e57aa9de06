/**
 * Every code that a `reason` may carry. The browser owns one whole sentence per code (a type there makes a missing one
 * fail); the server never sends a code that is not listed. Params are named in the comment behind each code; names,
 * numbers and instants (ISO 8601) are raw, the browser formats them.
 */
import { accessReasons } from "./reason-codes/access.ts";
import { formReasons } from "./reason-codes/forms.ts";
import { hostReasons } from "./reason-codes/hosts.ts";
import { machineReasons } from "./reason-codes/machines.ts";
import { networkReasons } from "./reason-codes/networks.ts";
import { objectReasons } from "./reason-codes/objects.ts";
import { storageReasons } from "./reason-codes/storage.ts";

export const reasonCodes = [
  ...accessReasons,
  ...machineReasons,
  ...storageReasons,
  ...hostReasons,
  ...objectReasons,
  ...formReasons,
  ...networkReasons,
] as const;

export type ReasonCode = (typeof reasonCodes)[number];
