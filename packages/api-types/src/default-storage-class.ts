/** Which class a disk gets that names none: the server's rule and what a form says of it are one. */

interface Marked {
  isDefault: boolean;
  isDefaultForMachines: boolean;
}

/** The class that a machine's disk gets when none is chosen: CDI takes the one for machines first. */
export const defaultStorageClass = <C extends Marked>(classes: readonly C[]): C | undefined =>
  classes.find((one) => one.isDefaultForMachines) ?? classes.find((one) => one.isDefault);
