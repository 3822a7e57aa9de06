/** Who makes a request. */
export interface User {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

export const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"], extra: {} };

/** Adds the group every signed-in user has. */
export const authenticated = (user: User): User =>
  user.groups.includes("system:authenticated")
    ? user
    : { ...user, groups: [...user.groups, "system:authenticated"] };
