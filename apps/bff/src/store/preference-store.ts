/** What each person chose for himself, per cluster. */
import { userPreferences } from "@kubev/api-types/preferences";
import type { UserPreferences } from "@kubev/api-types/preferences";
import type { Database } from "./database.ts";

export class PreferenceStore {
  readonly #db: Database;
  readonly #cluster: string;
  constructor(db: Database, cluster: string) {
    this.#db = db;
    this.#cluster = cluster;
  }

  async get(userName: string): Promise<UserPreferences> {
    const row = await this.#db
      .selectFrom("preferences")
      .select("data")
      .where("cluster", "=", this.#cluster)
      .where("user_name", "=", userName)
      .executeTakeFirst();
    const parsed = userPreferences.safeParse(row === undefined ? {} : JSON.parse(row.data));
    return parsed.success ? parsed.data : userPreferences.parse({});
  }

  async put(userName: string, preferences: UserPreferences): Promise<void> {
    const data = JSON.stringify(preferences);
    await this.#db
      .insertInto("preferences")
      .values({ cluster: this.#cluster, user_name: userName, data })
      .onConflict((conflict) => conflict.columns(["cluster", "user_name"]).doUpdateSet({ data }))
      .execute();
  }
}
