/** What names a secret, each with the way to it. */
import type { SecretUse } from "@kubev/api-types/secrets";
import { AppLink } from "../../components/AppLink.tsx";
import { userLink, userWords } from "./secret-words.ts";

interface UsedByProps {
  project: string;
  uses: readonly SecretUse[];
}

export function UsedBy({ project, uses }: UsedByProps) {
  if (uses.length === 0) return <span className="text-tertiary">Nothing</span>;
  return (
    <ul className="flex flex-col gap-0.5">
      {uses.map((use) => (
        <li key={`${use.kind}/${use.name}`} className="min-w-0 break-words">
          <span className="text-tertiary">{userWords[use.kind]}</span>{" "}
          <AppLink to={userLink(project, use)}>{use.name}</AppLink>
        </li>
      ))}
    </ul>
  );
}
