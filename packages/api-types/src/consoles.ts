/** Console tickets: one use, 30 s, bound to session, VM instance and verb; carried in Sec-WebSocket-Protocol, never in a URL. */
import { z } from "zod";

export const consoleKind = z.enum(["vnc", "serial"]);
export type ConsoleKind = z.infer<typeof consoleKind>;

export const consoleTicketRequest = z.strictObject({
  kind: consoleKind,
  /** VNC only: false asks the cluster to refuse when somebody is connected (preserveSession); true takes over. */
  takeOver: z.boolean().default(false),
});
export type ConsoleTicketRequest = z.input<typeof consoleTicketRequest>;

export const consoleTicket = z.object({
  /** Path of the WebSocket, relative to the console's origin. */
  path: z.string(),
  /** Offer both as subprotocols, in this order; the server selects the first. */
  protocols: z.array(z.string()),
  expiresAt: z.string(),
});
export type ConsoleTicket = z.infer<typeof consoleTicket>;

/** The subprotocol a console socket speaks after the ticket was taken: KubeVirt's plain bytes in binary frames. */
export const consoleProtocol = "plain.kubevirt.io";
/** A ticket is offered as the subprotocol `kubev.ticket.<ticket>`. */
export const ticketProtocolPrefix = "kubev.ticket.";

/**
 * Close codes of our own (4000–4999) that the browser turns into sentences. A console that the cluster refuses opens and
 * closes at once, since a browser cannot read a refused upgrade: `replaced` with the reason text `console-busy` means that
 * somebody is connected, so ask before a ticket with `takeOver`; `upstreamGone` carries the cluster's words as its reason.
 */
export const consoleCloseCodes = {
  rightsRevoked: 4403,
  sessionEnded: 4401,
  upstreamGone: 4410,
  replaced: 4409,
  /** The browser said nothing for long, or read nothing of what was sent. */
  notReading: 4408,
} as const;
