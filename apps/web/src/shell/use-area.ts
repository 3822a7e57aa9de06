/** Which half of the navigation is open: a project's, or the platform's. The page decides; between both it stays as it was. */
import { useRouterState } from "@tanstack/react-router";

export type Area = "project" | "platform";

let last: Area = "project";

export function useArea(): Area {
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (path.startsWith("/platform/")) last = "platform";
  else if (path.startsWith("/projects")) last = "project";
  return last;
}
