/** Which half of the navigation is open: a project's, or the platform's. The page decides; between both it stays as it was. */
import { useRouterState } from "@tanstack/react-router";

export type Area = "project" | "platform";

let last: Area = "project";

/** The area of `path`; of a page of neither, the one before. Remembered for this tab. */
function areaOf(path: string): Area {
  if (path.startsWith("/platform/")) last = "platform";
  else if (path.startsWith("/projects")) last = "project";
  return last;
}

export function useArea(): Area {
  return areaOf(useRouterState({ select: (state) => state.location.pathname }));
}
