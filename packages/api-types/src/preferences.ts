/** What a person chose for himself: theme, columns, saved views. Kept by the server, per user. */
import { z } from "zod";

export const savedView = z.strictObject({ name: z.string().min(1).max(100), search: z.string().max(2000) });

export const userPreferences = z.strictObject({
  theme: z.enum(["system", "dark", "light"]).default("system"),
  density: z.enum(["default", "compact"]).default("default"),
  /** Visible columns per table id. */
  columns: z.record(z.string().max(40), z.array(z.string().max(40)).max(40)).default({}),
  savedViews: z.record(z.string().max(40), z.array(savedView).max(50)).default({}),
  /** Whether keys pressed alone (`x`, `/`, `g v`) do something; those with Ctrl or ⌘ always do. */
  singleKeys: z.boolean().default(true),
  keyboardLayout: z.string().max(20).default("en-us"),
});
export type UserPreferences = z.infer<typeof userPreferences>;
