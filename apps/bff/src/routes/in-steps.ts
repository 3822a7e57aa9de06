/** Deeds of several steps that each change something: what fails after the first leaves that done, and the error says so. */
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import { KubeError } from "../kube/kube-error.ts";

/** What failed when something was done already, all of it or a part. */
export function begun(error: unknown): ApiProblem {
  const { code, details } = problemOf(error);
  return new ApiProblem(code, { ...details, outcomeUnknown: true }, error);
}

/** Takes a first step back after a later one failed. @throws that failure, which says that the deed was begun where the first step stands */
export async function takenBack(failure: unknown, undoing: Promise<unknown>): Promise<never> {
  try {
    await undoing;
  } catch (error) {
    // gone is gone, whoever was quicker
    if (!(error instanceof KubeError && error.status === 404)) throw begun(failure);
  }
  throw failure;
}

/** Waits for a step and counts it as done. */
export type Step = <T>(work: Promise<T>) => Promise<T>;

/** @throws what the deed throws while no step is done, ApiProblem that says that it was begun from then on */
export async function inSteps<T>(deed: (step: Step) => Promise<T>): Promise<T> {
  let isBegun = false;
  try {
    return await deed(async (work) => {
      const done = await work;
      isBegun = true;
      return done;
    });
  } catch (error) {
    throw isBegun ? begun(error) : error;
  }
}
