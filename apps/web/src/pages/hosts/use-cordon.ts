/** Closes a host to new machines, or opens it again, and says how that went. */
import { call } from "../../api/client.ts";
import { useDeed } from "../../components/use-deed.ts";

export function useCordon() {
  return useDeed({
    run: ({ name, cordoned }: { name: string; cordoned: boolean }) =>
      call("setHostCordon", { params: { name }, body: { cordoned } }),
    done: (_row, { name, cordoned }) =>
      cordoned
        ? `${name} is cordoned: nothing new is placed on it, and what runs there goes on.`
        : `${name} takes new machines again.`,
    failed: ({ name, cordoned }) => (cordoned ? `${name} was not cordoned.` : `${name} was not uncordoned.`),
    shownBy: ["getHost", "listHosts"],
    refetch: "always",
  });
}
