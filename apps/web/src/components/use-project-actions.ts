/** What the person may do in a project, as the server decided. Unknown until the project is loaded: then nothing is forbidden yet. */
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { disabledReason } from "./reason-of.ts";

export function useProjectActions(project: string | undefined) {
  const loaded = useQuery({
    ...read("getProject", { params: { project: project ?? "" } }),
    enabled: project !== undefined,
  }).data;
  const actions = loaded?.actions;
  return {
    createRefused: actions && disabledReason(actions.createVirtualMachine),
    uploadRefused: actions && disabledReason(actions.uploadImage),
    /** Undefined until the server said it. */
    seesSecrets: loaded?.listSecrets.allowed,
  };
}
