/** Query options, derived from the operation itself: the key is the operation and its input, so nothing is listed by hand. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { ReplyOf } from "@kubev/api-types/endpoints";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, type InputOf } from "./client.ts";

/** The cache key of one read. */
export function keyOf<Name extends OperationName>(name: Name, input: InputOf<Name>) {
  return [name, input] as const;
}

/** The bare key and function of one read, for whoever is generic over the reads that have the same reply. */
export function pageOf<Name extends OperationName>(name: Name, input: InputOf<Name>) {
  return {
    queryKey: keyOf(name, input),
    queryFn: async ({ signal }: { signal: AbortSignal }) => call(name, input, { signal }),
  };
}

/** Query options of one read. */
export function read<Name extends OperationName>(name: Name, input: InputOf<Name>) {
  return queryOptions<ReplyOf<Name>>(pageOf(name, input));
}

/** Like `read`, but the previous page stays on screen while the next one loads. */
export function readList<Name extends OperationName>(name: Name, input: InputOf<Name>) {
  return { ...read(name, input), placeholderData: keepPreviousData };
}

export const sessionQuery = () => ({ ...read("getSession", {}), staleTime: Number.POSITIVE_INFINITY });
export const preferencesQuery = () => ({
  ...read("getPreferences", {}),
  staleTime: Number.POSITIVE_INFINITY,
});
export const capabilitiesQuery = () => ({ ...read("getCapabilities", {}), staleTime: 30_000 });
export const tasksQuery = () => ({ ...read("listTasks", {}), staleTime: 5000 });
