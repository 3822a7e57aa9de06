/**
 * A shell in a container, opened with a ticket as consoles are. Its socket speaks Kubernetes' own remote command protocol in
 * binary frames, whose first byte is the channel: 0 is typed, 1 and 2 are written, 3 is how it ended, 4 is the window's size.
 */
import { z } from "zod";

/** Offered in this order before the ticket; the server selects what the cluster speaks. */
export const podShellProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

export const podShellCommand = z.enum(["sh", "bash"]);
export type PodShellCommand = z.infer<typeof podShellCommand>;

export const podShellTicketRequest = z.strictObject({
  container: z.string().min(1).max(63),
  command: podShellCommand,
  /** That the pod's `shellWarning` was read and is gone through; without it a pod with one is refused. */
  confirmed: z.boolean().default(false),
});
