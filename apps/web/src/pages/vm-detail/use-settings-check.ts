/** Asks the server what the settings as they stand would change, once typing pauses. */
import type { VmSettingsWrite } from "@kubev/api-types/vm-settings";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../api/client.ts";

const settleMs = 350;

export function useSettingsCheck(
  params: { project: string; name: string },
  body: VmSettingsWrite,
  changed: boolean,
) {
  const asked = JSON.stringify(body);
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), settleMs);
    return () => clearTimeout(timer);
  }, [asked]);
  const query = useQuery({
    queryKey: ["checkVmSettings", params, settled],
    queryFn: async ({ signal }) =>
      call("checkVmSettings", { params, body: JSON.parse(settled) as VmSettingsWrite }, { signal }), // as: our own text
    placeholderData: keepPreviousData,
    enabled: changed,
    retry: false,
    gcTime: 0,
  });
  return { query, current: settled === asked && !query.isFetching };
}
