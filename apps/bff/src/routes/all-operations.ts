/** Every operation of the contract; one that is missing does not compile. */
import type { Services } from "../services.ts";
import { listOperations } from "./list-operations.ts";
import type { Operations } from "./operation.ts";
import { sessionOperations } from "./session-operations.ts";

export function allOperations(services: Services): Operations {
  return {
    ...sessionOperations(services),
    ...listOperations(services),
  } as Operations;
}
