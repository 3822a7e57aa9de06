/** The machine of the page, kept current. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { useNamed } from "../../components/use-place.ts";

const settlingMs = 4000;

/** For the layout: the query with all its states, and the live subscription. */
export function useVmQuery() {
  const params = useNamed();
  useLiveFeed("vm", params.project, params.name);
  const query = useQuery({
    ...read("getVm", { params }),
    // A change between the first fetch and the moment the feed is followed would be missed: while something is under way,
    // the page looks again by itself.
    refetchInterval: ({ state }) => (state.data?.row.state.tone === "working" ? settlingMs : false),
  });
  return { ...params, query };
}

/** For the tabs, which the layout shows only when the machine is loaded. */
export function useVm() {
  const params = useNamed();
  const detail = useQuery(read("getVm", { params })).data;
  if (detail === undefined) throw new Error("A tab of a machine was shown before the machine.");
  return detail;
}
