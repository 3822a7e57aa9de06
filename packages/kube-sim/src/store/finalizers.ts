/** Finalizers of one's own: whoever else holds an object goes on holding it. */

interface Finalized {
  metadata: { finalizers?: string[] };
}

export const hasFinalizer = ({ metadata }: Finalized, finalizer: string): boolean =>
  metadata.finalizers?.includes(finalizer) === true;

export const withFinalizer = <Shape extends Finalized>(object: Shape, finalizer: string): Shape =>
  hasFinalizer(object, finalizer)
    ? object
    : {
        ...object,
        metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), finalizer] },
      };

export const withoutFinalizer = <Shape extends Finalized>(object: Shape, ...finalizers: string[]): Shape =>
  finalizers.some((one) => hasFinalizer(object, one))
    ? {
        ...object,
        metadata: {
          ...object.metadata,
          finalizers: (object.metadata.finalizers ?? []).filter((one) => !finalizers.includes(one)),
        },
      }
    : object;
