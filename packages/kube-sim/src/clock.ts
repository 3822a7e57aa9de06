/** The real clock; tests bring their own. What a timer's work throws is told and ends nothing else. */
import type { Clock } from "./controllers/controller.ts";

export const systemClock = (onError: (error: unknown) => void): Clock => ({
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => {
    const timer = setTimeout(() => {
      try {
        callback();
      } catch (error) {
        onError(error);
      }
    }, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
});
