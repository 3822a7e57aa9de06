/** How the console names one object of one cluster; the cluster id is part of every key from the start. */
import { z } from "zod";
import { objectNouns } from "./object-catalog.ts";

/** A DNS-1123 subdomain, as Kubernetes wants most names: at most 253 characters. */
export const resourceName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** A DNS-1123 label: the names of projects, and of everything that becomes a host name. */
export const labelName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** The nouns of the console. A noun is what a person manages, which may be several Kubernetes kinds. */
export const noun = z.enum([
  "virtual-machine",
  "image",
  "disk",
  "project",
  "host",
  "snapshot",
  "secret",
  /** Of a person: signing in and out, for the trail. Its name is how. */
  "session",
  /** Of a kind that has no noun here, made as text. */
  "object",
  ...objectNouns,
]);
export type Noun = z.infer<typeof noun>;

export const resourceRef = z.object({
  cluster: z.string(),
  noun,
  /** The project (Kubernetes namespace); absent for cluster-scoped objects. */
  project: z.string().optional(),
  name: z.string(),
  /** The object's uid; a name reused by a new object has another. */
  uid: z.string().optional(),
});
export type ResourceRef = z.infer<typeof resourceRef>;
