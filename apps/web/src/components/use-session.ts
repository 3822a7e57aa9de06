/** Who is signed in. Inside the shell there is always somebody. */
import type { SessionReply, User } from "@kubev/api-types/session";
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../api/queries.ts";

export interface SignedInSession extends SessionReply {
  user: User;
}

export function useSession(): SignedInSession {
  const session = useQuery(sessionQuery()).data;
  if (!session?.user) throw new Error("A page inside the shell was shown without a session.");
  return { ...session, user: session.user };
}
