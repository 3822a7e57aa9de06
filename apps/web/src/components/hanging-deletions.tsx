/** Deletions that take too long, as what waits for a person: the server says which, and what they wait for. */
import { useQuery } from "@tanstack/react-query";
import { tasksQuery } from "../api/queries.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { StatusMark } from "../ui/Status.tsx";
import { linkOf } from "./resource-link.ts";
import { hangingDeletions } from "./tasks-under-way.ts";
import type { TroubleSource } from "./troubles.ts";

/** No object changes when a deletion has lasted too long, so they are asked for again. */
const againMs = 60_000;

const places: Readonly<Record<string, string>> = { disk: "Disk", image: "Image", project: "Project" };

/** Of the platform or of one project. What changes is told to the page by what it shows of all tasks. */
export function useHangingDeletions(project?: string): TroubleSource {
  const answer = useQuery({ ...tasksQuery(), refetchInterval: againMs });
  const found = answer.data && hangingDeletions(answer.data.tasks, project);
  return {
    what: "deletions",
    answer,
    total: found?.length ?? 0,
    whole: true,
    troubles: found?.map(({ id, ref, tone, reason }) => {
      const kind = places[ref.noun];
      const place = [kind, project === undefined && ref.noun !== "project" ? ref.project : undefined];
      return {
        key: id,
        name: ref.name,
        to: linkOf(ref) ?? "",
        place: place.filter((word) => word !== undefined).join(" in "),
        tone,
        status: (
          <StatusMark tone={tone} detail={reason === undefined ? undefined : reasonText(reason)}>
            Deleting for too long
          </StatusMark>
        ),
      };
    }),
  };
}
