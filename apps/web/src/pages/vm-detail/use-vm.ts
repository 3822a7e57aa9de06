/** The machine of the page, kept current. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { useNamed } from "../../components/use-place.ts";

/** For the layout: the query with all its states, and the live subscription. */
export function useVmQuery() {
  const params = useNamed();
  useLiveFeed("vm", params.project, params.name);
  return { ...params, query: useQuery(read("getVm", { params })) };
}

/** For the tabs, which the layout shows only when the machine is loaded. */
export function useVm() {
  const params = useNamed();
  const detail = useQuery(read("getVm", { params })).data;
  if (detail === undefined) throw new Error("A tab of a machine was shown before the machine.");
  return detail;
}
