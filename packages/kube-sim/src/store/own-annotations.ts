/** Annotations by which parts of kube-sim talk to each other; nobody else's word counts there. */

const prefix = "kubesim/";

/** The annotations without ours. */
export function withoutOwnAnnotations(
  annotations: Record<string, string> | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith(prefix)));
}

/** What a client wrote, with ours as they were before. */
export function withOwnAnnotationsOf(
  written: Record<string, string> | undefined,
  before: Record<string, string> | undefined,
): Record<string, string> {
  const own = Object.entries(before ?? {}).filter(([name]) => name.startsWith(prefix));
  return { ...withoutOwnAnnotations(written), ...Object.fromEntries(own) };
}
