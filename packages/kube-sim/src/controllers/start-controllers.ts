/** Placeholder until the controllers arrive: starts none. */
import type { ControllerContext, RunningControllers } from "./controller.ts";

export function startControllers(_context: ControllerContext): RunningControllers {
  return { close: async () => {} };
}
